import DataLoader from 'dataloader';
import { asError } from '../errors/as-error.ts';
import type { Credentials } from '../vcenter/credentials.ts';

/** A loader of one read of one API: one call for each credential. */
export type CredentialLoader<Value> = DataLoader<Credentials, Value, string>;

/**
 * Creates a loader whose keys are a vCenter and a token. Upstream has no batches, so each key is read by
 * itself, and a slow vCenter holds up no other.
 */
export function createCredentialLoader<Value>(
  read: (credentials: Credentials) => Promise<Value>,
): CredentialLoader<Value> {
  return new DataLoader(
    (credentials) =>
      Promise.all(credentials.map((credentials) => read(credentials).catch(asError))),
    {
      batch: false,
      // So there is no batch to wait for.
      batchScheduleFn: queueMicrotask,
      cacheKeyFn: ({ vcenter, credentialHeader, credential, acceptLanguage }) =>
        `${vcenter.id}\n${credentialHeader}\n${credential}\n${acceptLanguage}`,
    },
  );
}

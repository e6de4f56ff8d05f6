import DataLoader from 'dataloader';
import { asError } from '../errors/as-error.ts';
import type { Caller } from '../vcenter/caller.ts';

/** A loader of one read of one API: each caller's answer is read once. */
export type CallerLoader<Value> = DataLoader<Caller, Value, string>;

/**
 * Makes a loader whose keys are a vCenter and a token. Upstream takes no batches, so each key is read by
 * itself, and a slow vCenter holds up no other.
 */
export function perCaller<Value>(read: (caller: Caller) => Promise<Value>): CallerLoader<Value> {
  return new DataLoader(
    (callers) => Promise.all(callers.map((caller) => read(caller).catch(asError))),
    {
      batch: false,
      // So there is no batch to wait for.
      batchScheduleFn: queueMicrotask,
      cacheKeyFn: ({ vcenter, credentialHeader, credential, acceptLanguage = '' }) =>
        `${vcenter.id}\n${credentialHeader}\n${credential}\n${acceptLanguage}`,
    },
  );
}

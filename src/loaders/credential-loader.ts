import DataLoader from 'dataloader';
import { asError } from '../errors/as-error.ts';
import type { VCenter } from '../vcenter/vcenter.ts';

/** A loader of one read of one API with the credentials of a request: one call for each vCenter. */
export type CredentialLoader<Value> = DataLoader<VCenter, Value>;

const resolved = Promise.resolve();

/**
 * Creates a loader. Upstream has no batches, so each vCenter is read by itself, and a slow one holds up no other.
 *
 * @param read - reads from a vCenter with the credentials that the request has for it.
 */
export function createCredentialLoader<Value>(
  read: (vcenter: VCenter) => Promise<Value>,
): CredentialLoader<Value> {
  return new DataLoader(
    ([vcenter]) =>
      read(vcenter as VCenter).then(
        (value) => [value],
        (error: unknown) => [asError(error)],
      ),
    // Each load is a batch, so there is none to wait for.
    { batch: false, batchScheduleFn: (dispatch) => void resolved.then(dispatch) },
  );
}

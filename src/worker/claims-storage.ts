import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/** The storage of the worker is not the one with the claims of its account. */
export class OtherStorage extends Error {
  constructor({ account, known, own, place }: StorageMismatch) {
    super(
      [
        `The storage ${place} has the id ${own}, but the claims of this gateway account are in the storage ${known}`,
        'Without these claims, paid videos would be paid again',
        'Set STORAGE_URL to that storage; a relative path depends on the working directory',
        `If that storage is gone for good, or all of it was moved without storage-id.json, stop all workers and run: temporal workflow terminate --workflow-id ${account}`,
      ].join('. '),
    );
    this.name = 'OtherStorage';
  }
}

interface StorageMismatch {
  /** Workflow id of the admission. */
  account: string;
  known: string;
  own: string;
  /** Location of the worker's storage, for people. */
  place: string;
}

/**
 * Checks that the storage has the claims of the account. Reads the memo of the admission, which needs no running
 * worker. An account without submits accepts any storage.
 *
 * @throws {OtherStorage}
 */
export async function demandClaimsStorage(
  client: Client,
  { account, storageId, place }: { account: string; storageId: string; place: string },
): Promise<void> {
  const known = await knownStorage(client, account);
  if (known === null || known === storageId) return;
  throw new OtherStorage({ account, known, own: storageId, place });
}

async function knownStorage(client: Client, account: string): Promise<string | null> {
  try {
    const { memo, status } = await client.workflow.getHandle(account).describe();
    const known = memo?.['storageId'];
    return status.name === 'RUNNING' && typeof known === 'string' ? known : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

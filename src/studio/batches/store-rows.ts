import type { BatchRow } from '../../contract/batch.ts';
import { batchManifestKey, storeManifest } from '../../storage/records/stored-manifests.ts';
import type { StudioPorts } from '../ports.ts';

/** Stores checked rows, and gives the digest by which forms name them. */
export async function storeRows(
  rows: readonly BatchRow[],
  { storage, name }: { storage: StudioPorts['storage']; name: string },
): Promise<{ digest: string; key: string }> {
  const found = { digest: '' };
  const keyOf = (digest: string) => {
    found.digest = digest;
    return batchManifestKey(name, digest);
  };
  const key = await storeManifest(rows, { storage, keyOf });
  return { ...found, key };
}

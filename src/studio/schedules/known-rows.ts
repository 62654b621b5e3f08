import { checkedBatchName } from '../../client/batch/start-batch.ts';
import type { BatchRow } from '../../contract/batch.ts';
import {
  batchManifestKey,
  isManifestDigest,
  readStoredManifest,
} from '../../storage/records/stored-manifests.ts';
import type { StudioPorts } from '../ports.ts';

/** A checked manifest that a form names. */
export interface KnownManifest {
  /** Name of the batch that it was checked for. */
  from: string;
  digest: string;
  /** Its object key. Made here, so that a form cannot name another object. */
  key: string;
}

/** The manifest that a form names; null if it names none. */
export function knownManifest(fields: URLSearchParams): KnownManifest | null {
  const from = fields.get('from') ?? '';
  const digest = fields.get('manifest') ?? '';
  if (!isManifestDigest(digest) || !isBatchName(from)) return null;
  return { from, digest, key: batchManifestKey(from, digest) };
}

/** The rows of the manifest that a form names; null if it names none, or it is not stored. */
export async function knownRows(
  storage: StudioPorts['storage'],
  fields: URLSearchParams,
): Promise<(KnownManifest & { rows: BatchRow[] }) | null> {
  const known = knownManifest(fields);
  const rows = known && (await readStoredManifest(storage, known.key));
  return known && rows && { ...known, rows };
}

function isBatchName(name: string): boolean {
  try {
    checkedBatchName(name);
    return true;
  } catch {
    return false;
  }
}

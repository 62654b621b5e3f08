import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { digestOfRun } from '../../runs/run-digest.ts';
import type { RowIdentity, RowProspect } from '../../contract/row-prospect.ts';
import { fromIndex } from '../../runs/run-index.ts';
import { orNull } from '../../runs/run-messages.ts';

/** Concurrent requests to the server; more would only queue there. */
const atOnce = 20;

/** Implements `BatchClient.lookUp`. */
export async function lookUpRows(
  client: Client,
  rows: readonly RowIdentity[],
): Promise<RowProspect[]> {
  const limit = pLimit(atOnce);
  return Promise.all(rows.map((row) => limit(() => lookUp(client, row))));
}

async function lookUp(
  client: Client,
  { videoId, requestDigest }: RowIdentity,
): Promise<RowProspect> {
  const found = await orNull(() => client.workflow.getHandle(videoId).describe());
  if (found === null) return 'started';
  const { phase, billed } = fromIndex(found);
  const isOpen = found.closeTime === undefined;
  if (!isOpen && phase !== 'stored' && billed === 'no') return 'started';
  const known = await digestOfRun(client, found);
  if (known !== undefined && known !== requestDigest) return 'conflict';
  if (isOpen) return 'joined';
  return phase === 'stored' ? 'cached' : 'billed';
}

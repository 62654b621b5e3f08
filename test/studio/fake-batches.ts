import type { BatchClient, BatchSnapshot } from '../../src/client/batch/batch-client.ts';
import { VideoClientError } from '../../src/client/video-client-error.ts';
import { noCounts } from '../../src/contract/batch-counts.ts';
import type { VideoBatchInput } from '../../src/contract/batch.ts';
import type { RowProspect } from '../../src/contract/row-prospect.ts';

/** The batches of a server, in memory. */
export interface FakeBatches {
  client: BatchClient;
  /** What was started, in order, without joined ones. */
  started: VideoBatchInput[];
  /** The names of all calls that change something, with the name of the batch. */
  acts: string[];
  /** Statuses by name. A started batch has one. */
  statuses: Map<string, BatchSnapshot>;
}

/** @param prospects Of the rows in turn; other rows would be started. */
export function createFakeBatches(prospects: readonly RowProspect[] = []): FakeBatches {
  const started: VideoBatchInput[] = [];
  const acts: string[] = [];
  const statuses = new Map<string, BatchSnapshot>();
  const statusOf = (name: string) => {
    const found = statuses.get(name);
    if (!found) throw new VideoClientError('not_found', `There is no batch "${name}"`);
    return found;
  };
  const act = async (action: string, name: string) => {
    statusOf(name);
    acts.push(`${action} ${name}`);
    return Promise.resolve();
  };
  const client: BatchClient = {
    start: async (batch) => {
      const { name, manifest } = batch;
      const open = started.find((each) => each.name === name);
      if (open && open.manifest.key !== manifest.key) {
        throw new VideoClientError('key_conflict', 'under way with another manifest');
      }
      if (!open) {
        started.push(batch);
        statuses.set(name, snapshot(name));
      }
      const outcome = open ? 'joined' : 'started';
      return Promise.resolve({ batchId: `batch/${name}`, runId: 'run-1', outcome });
    },
    lookUp: async (rows) => Promise.resolve(rows.map((_, index) => prospects[index] ?? 'started')),
    status: async (name) => Promise.resolve(statusOf(name)),
    wait: () => Promise.reject(new Error('no wait in this fake')),
    pause: (name) => act('pause', name),
    resume: (name) => act('resume', name),
    retryFailed: async (name) => {
      await act('retry', name);
      return { outcome: 'retried' };
    },
    keep: (name) => act('keep', name),
    cancel: async (name) => {
      await act('cancel', name);
      return { outcome: 'cancelling' };
    },
    list: async () =>
      Promise.resolve(
        [...statuses.values()].map(({ name, runId, startedAt, closedAt }) => ({
          name,
          runId,
          startedAt,
          phase: closedAt === undefined ? 'running' : 'done',
          ...(closedAt !== undefined && { closedAt }),
        })),
      ),
  };
  return { client, started, acts, statuses };
}

/** A running batch of no rows yet. */
export function snapshot(name: string, more: Partial<BatchSnapshot> = {}): BatchSnapshot {
  return {
    name,
    batchId: `batch/${name}`,
    runId: `run-of-${name}`,
    phase: 'running',
    startedAt: '2026-12-01T08:00:00.000Z',
    live: true,
    rows: 4,
    counts: { ...noCounts, waiting: 4 },
    folder: `batches/${name}/run-of-${name}`,
    ...more,
  };
}

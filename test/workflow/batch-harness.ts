import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { createKeepRows, createLeaveRow } from '../../src/activities/batch/leave-rows.ts';
import { createMergeResults } from '../../src/activities/batch/merge-results.ts';
import { createReadPartition } from '../../src/activities/batch/read-partition.ts';
import { createReadRow } from '../../src/activities/batch/read-row.ts';
import { createRecordResults } from '../../src/activities/batch/record-results.ts';
import { createVideoRuns } from '../../src/activities/batch/video-runs.ts';
import { batchStartOptions } from '../../src/client/batch/start-batch.ts';
import {
  batchMessages,
  batchWorkflowTypes,
  type BatchActivities,
  type BatchRowResult,
  type BatchStatus,
  type PartitionRow,
  type PartitionTally,
  type PrepareBatchInput,
  type PreparedBatch,
  type VideoBatchInput,
  type VideoBatchResult,
} from '../../src/contract/batch.ts';
import { scheduledTimeKey } from '../../src/contract/search-attributes.ts';
import type { AnnounceEventInput, WebhookActivities } from '../../src/contract/webhook.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import {
  fakeActivities,
  pending,
  startTestBed,
  storedVideo,
  type FakeActivities,
  type Script,
  type TestBed,
} from './harness.ts';

export interface BatchHarness {
  bed: TestBed;
  storage: VideoStorage;
  /** The inputs of `prepareBatch`, in order. */
  prepared: PrepareBatchInput[];
  /** Lets the videos follow a script while `run` runs. */
  play<T>(script: Script, run: (activities: FakeActivities) => Promise<T>): Promise<T>;
  /** Announced events, in order. */
  announced: AnnounceEventInput[];
  /** The time of the test server, which runs ahead of ours. */
  now(): Promise<number>;
  /** Starts a batch of rows `1`, `2`, …, in partitions of the given size. */
  start(batch: BatchSetting): Promise<BatchHandle>;
  results(status: Pick<BatchStatus, 'folder'>): Promise<BatchRowResult[]>;
  /** Hooks before the rows of a batch are stored, and before results are written; none by default. */
  hooks: { beforeKeep(): Promise<void>; beforeRecord(): Promise<void> };
  stop(): Promise<void>;
}

export interface BatchSetting extends Partial<VideoBatchInput> {
  rows: number;
  partSize?: number;
  /** For a firing of a schedule: its scheduled time, as the server sets it. */
  firing?: Date;
}

export type BatchHandle = WorkflowHandle<(input: VideoBatchInput) => Promise<VideoBatchResult>>;

/** The prompt contains the number of the row. */
export function rowRequest(nth: number | string): PartitionRow['request'] {
  return { format: 'generations', body: { model: 'kling-v1', prompt: `row ${nth}`, duration: 5 } };
}

/** A time-skipping server with the real activities of a batch and a real folder; the activities of a video follow a script. */
export async function startBatchHarness(): Promise<BatchHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-batch-'));
  const storage = createFileStorage({ folder });
  await storage.writeSmall(storedVideo.key, Buffer.from('the video'));
  const runs = createVideoRuns();
  const prepared: PrepareBatchInput[] = [];
  const keepRows = createKeepRows({ runs });
  const recordResults = createRecordResults({ storage });
  const hooks = { beforeKeep: () => Promise.resolve(), beforeRecord: () => Promise.resolve() };
  const activities: BatchActivities = {
    prepareBatch: async (input) => {
      prepared.push(input);
      return writeParts(storage, input);
    },
    readPartition: createReadPartition({ storage }),
    readRow: createReadRow({ runs, storage }),
    recordResults: async (given) => {
      await hooks.beforeRecord();
      await recordResults(given);
    },
    mergeResults: createMergeResults({ storage }),
    leaveRow: createLeaveRow({ runs }),
    keepRows: async (given) => {
      await hooks.beforeKeep();
      await keepRows(given);
    },
  };
  const announced: AnnounceEventInput[] = [];
  const announceEvent: WebhookActivities['announceEvent'] = async (event) => {
    announced.push(event);
  };
  const bed = await startTestBed({ ...activities, announceEvent });
  return {
    bed,
    storage,
    prepared,
    announced,
    hooks,
    now: () => bed.env.currentTimeMs(),
    play: (script, run) => {
      const fakes = fakeActivities(() => bed.env.currentTimeMs(), script);
      return bed.with(fakes, () => run(fakes));
    },
    start: ({ rows, partSize = rows, firing, ...input }) => {
      const name = input.name ?? `batch-${randomUUID()}`;
      const batch = { ...input, name, manifest: { key: `${rows}/${partSize}` } };
      return bed.env.client.workflow.start(batchWorkflowTypes.batch, {
        ...batchStartOptions(batch),
        workflowId: `batch/${name}${firing ? `-${firing.toISOString()}` : ''}`,
        ...(firing && { typedSearchAttributes: [{ key: scheduledTimeKey, value: firing }] }),
      });
    },
    results: async ({ folder: place }) => {
      const bytes = await storage.readSmall(`${place}/results.jsonl`, 1_000_000);
      const lines = Buffer.from(bytes ?? [])
        .toString()
        .split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as BatchRowResult);
    },
    stop: async () => {
      await bed.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Instead of a manifest: the number of rows, and the size of a partition. */
async function writeParts(
  storage: VideoStorage,
  { manifest, folder }: PrepareBatchInput,
): Promise<PreparedBatch> {
  const [count = 0, partSize = 1] = manifest.split('/').map(Number);
  const partitions: PreparedBatch['partitions'] = [];
  for (let first = 1; first <= count; first += partSize) {
    const rows = Array.from({ length: Math.min(partSize, count - first + 1) }, (_, index) =>
      row(first + index),
    );
    const part = partitions.length + 1;
    const key = `${folder}/part-${part}.jsonl`;
    await storage.writeSmall(key, Buffer.from(rows.map((each) => JSON.stringify(each)).join('\n')));
    const results = `${folder}/results-${part}.jsonl`;
    partitions.push({ rows: key, results, count: rows.length });
  }
  return { partitions };
}

function row(nth: number): PartitionRow {
  const request = rowRequest(nth);
  const requestDigestHex = requestDigest(request);
  return { key: `${nth}`, line: nth + 1, tags: [], request, requestDigest: requestDigestHex };
}

export function statusOf(handle: { query<T>(name: string): Promise<T> }): Promise<BatchStatus> {
  return handle.query<BatchStatus>(batchMessages.batchStatus);
}

/** Waits in real time until the status matches. */
export async function untilBatch(
  handle: { query<T>(name: string): Promise<T> },
  isReached: (status: BatchStatus) => boolean,
): Promise<BatchStatus> {
  for (const until = Date.now() + 20_000; ;) {
    const status = await statusOf(handle);
    if (isReached(status)) return status;
    if (Date.now() > until) throw new Error(`Never reached: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Partitions report a change with a delay, so they are queried themselves. */
export async function untilPartition(
  { bed }: BatchHarness,
  batch: BatchHandle,
  isReached: (tally: PartitionTally) => boolean,
): Promise<void> {
  const { workflow } = bed.env.client;
  for (const until = Date.now() + 20_000; ;) {
    const { open } = await statusOf(batch);
    const tallies = await Promise.all(
      open.map(({ workflowId }) =>
        workflow.getHandle(workflowId).query<PartitionTally>(batchMessages.batchStatus),
      ),
    );
    if (tallies.some(isReached)) return;
    if (Date.now() > until) throw new Error(`Never reached: ${JSON.stringify(tallies)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function promptOf({ request }: { request: PartitionRow['request'] }): string {
  return request.body.prompt ?? '';
}

/** Jobs, or one of them, run until the test opens the gate. */
export function gate(jobId?: string): { open(): void; poll: NonNullable<Script['poll']> } {
  let isOpen = false;
  return {
    open: () => {
      isOpen = true;
    },
    poll: ({ job }) => {
      if (!isOpen && (jobId === undefined || job.jobId === jobId)) throw pending(200);
      return { state: 'succeeded', askedAt: Date.now() };
    },
  };
}

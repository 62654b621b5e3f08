import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  metricMeter,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  WorkflowIdReusePolicy,
  type ChildWorkflowHandle,
  type Workflow,
} from '@temporalio/workflow';
import { CancelledFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  batchIdPrefix,
  type BatchActivities,
  type BatchPartitionInput,
  type BatchRowPhase,
  type BatchRowResult,
  type LeftRow,
  type PartitionRow,
  type ReadRow,
} from '../../contract/batch.ts';
import { failures, type VideoFailure } from '../../contract/failure.ts';
import { firstAttributes } from '../../contract/first-attributes.ts';
import type { GenerateVideoInput, VideoResult } from '../../contract/messages.ts';
import { count } from '../../contract/metrics.ts';
import { videoFailureIn } from '../../contract/read-failure.ts';
import { requestMemo, requestMemoName } from '../../contract/request-memo.ts';
import { runSummary } from '../../contract/run-summary.ts';
import { workflowIdPrefix, workflowTypes } from '../../contract/task-queues.ts';
import { asWaiter, type Waiter } from '../../contract/waiter.ts';
import { batchOptions } from '../activity-options.ts';
import { isCancel } from '../failures.ts';

export interface RowOptions {
  row: PartitionRow;
  batch: BatchPartitionInput['batch'];
  /** Whether a cancelled batch leaves its videos to other waiters, or cancels them for all. */
  leaves: boolean;
  /** Called when another run already generates the video. */
  onJoined(): void;
  /** Called when that run begins or stops waiting for a verdict or a person. Without it the phase is not watched. */
  onPhase?(news: Omit<BatchRowPhase, 'videoId'>): void;
}

/** The outcome of a row, without key, line and id. */
export type RowEnd = Omit<BatchRowResult, 'key' | 'line' | 'videoId' | 'output'>;

export function rowVideoId(batchName: string, rowKey: string): string {
  return `${workflowIdPrefix}${batchName}/${rowKey}`;
}

/** The run of a batch as a waiter for its videos. Firings of a schedule may overlap and share videos. */
export function batchWaiter({ name, runId }: RowOptions['batch']): Waiter {
  return asWaiter(`${batchIdPrefix}${name}/${runId}`);
}

/**
 * Generates the video of one row, or uses the existing run or video of its id. Null if the batch was cancelled before
 * it had started anything for the row.
 */
export async function makeRow(options: RowOptions): Promise<RowEnd | null> {
  const { ALLOW_DUPLICATE_FAILED_ONLY, ALLOW_DUPLICATE } = WorkflowIdReusePolicy;
  try {
    for (let reuse = ALLOW_DUPLICATE_FAILED_ONLY as WorkflowIdReusePolicy; ;) {
      const end = (await startAndWait(options, reuse)) ?? (await readOther(options));
      if (end !== 'removed') return end;
      reuse = ALLOW_DUPLICATE;
    }
  } catch (error) {
    if (isCancel(error)) return null;
    return failed({ ...unexplained, message: `${unexplained.message}: ${String(error)}` });
  }
}

/** Null if the id is already used by an open run or a stored video. */
async function startAndWait(
  options: RowOptions,
  reuse: WorkflowIdReusePolicy,
): Promise<RowEnd | null> {
  const child = await toTheEnd(options, () => start(options, reuse));
  if (child === null) return null;
  return { origin: 'started', ...(await unlessLeft(options, endOf(options, child))) };
}

async function endOf(options: RowOptions, child: ChildWorkflowHandle<Workflow>): Promise<RowEnd> {
  try {
    const { video, jobId, billed } = (await child.result()) as VideoResult;
    return { state: 'stored', origin: 'started', billed, jobId, video: videoFacts(video) };
  } catch (error) {
    const failure = error instanceof ChildWorkflowFailure ? videoFailureIn(error.cause) : null;
    if (failure) return failed(failure);
    const found = await CancellationScope.nonCancellable(() => read(options, { wait: true }));
    return found.state === 'open' || found.state === 'removed'
      ? failed(unexplained)
      : { ...found, origin: 'started' };
  }
}

/** A cancelled batch does not interrupt what it has started, so that the video can be left or cancelled as a whole. */
function toTheEnd<T>({ leaves }: RowOptions, run: () => Promise<T>): Promise<T> {
  if (!leaves) return run();
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Cancelled');
  return CancellationScope.nonCancellable(run);
}

/**
 * Returns the outcome of the video. If the batch is cancelled and others wait for the video, it returns whether the
 * video has been billed so far.
 */
async function unlessLeft<T>(options: RowOptions, end: Promise<T>): Promise<T | LeftRow> {
  if (!options.leaves) return end;
  try {
    return await Promise.race([end, CancellationScope.current().cancelRequested]);
  } catch (error) {
    if (!(error instanceof CancelledFailure)) throw error;
    return (await CancellationScope.nonCancellable(() => leave(options))) ?? end;
  }
}

function leave({ row, batch }: RowOptions): Promise<LeftRow | null> {
  const { leaveRow } = proxyActivities<BatchActivities>({
    ...batchOptions,
    summary: runSummary(`leave ${row.key}`),
  });
  return leaveRow({ videoId: rowVideoId(batch.name, row.key), ...batchWaiter(batch) });
}

async function start(
  { row, batch, leaves }: RowOptions,
  workflowIdReusePolicy: WorkflowIdReusePolicy,
) {
  const { name, runId, deadlineMs, caps, retakes, sendAnyway } = batch;
  const input: GenerateVideoInput = {
    request: row.request,
    tags: row.tags,
    priority: 'batch',
    batch: { name, runId, ...(caps && { caps }) },
    ...batchWaiter(batch),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(retakes && { retakes }),
    ...(sendAnyway && { sendAnyway }),
  };
  try {
    return await startChild(workflowTypes.generate, {
      workflowId: rowVideoId(name, row.key),
      args: [input],
      memo: {
        [requestMemoName]: requestMemo(row.request.body, row.tags),
        requestDigest: row.requestDigest,
      },
      typedSearchAttributes: firstAttributes(row.request),
      staticSummary: runSummary(row.request.body.model, name, row.key),
      parentClosePolicy: leaves ? ParentClosePolicy.ABANDON : ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      workflowIdReusePolicy,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

/**
 * Returns the outcome of the run that has the id. If that run is open, the batch joins it, and the run counts the
 * join.
 */
async function readOther(options: RowOptions): Promise<RowEnd | 'removed'> {
  const who = options.leaves ? batchWaiter(options.batch) : {};
  const first = await toTheEnd(options, () => read(options, who));
  if (first.state === 'open') options.onJoined();
  const found = first.state === 'open' ? await waitForOther(options) : first;
  if (found.state === 'open' || found.state === 'removed') return 'removed';
  const origin = first.state === 'stored' ? 'cached' : 'joined';
  if (origin === 'cached') count(metricMeter, 'onetake_asks_total', { answer: origin });
  return { ...found, origin };
}

/** An abandoned wait ends with the partition. */
function waitForOther(options: RowOptions): Promise<ReadRow> {
  const wait = () => followOther(options);
  if (!options.leaves) return wait();
  return unlessLeft(options, CancellationScope.nonCancellable(wait));
}

async function followOther(options: RowOptions): Promise<ReadRow> {
  const { onPhase } = options;
  if (!onPhase) return read(options, { wait: true });
  for (let seen: BatchRowPhase['phase'] = 'running'; ;) {
    const found = await read(options, { wait: true, seen });
    if (found.state !== 'open') return found;
    const { phase = 'running', billed = 'maybe', jobId } = found;
    onPhase({ phase, billed, ...(jobId !== undefined && { jobId }) });
    seen = phase;
  }
}

type HowToRead = Omit<Parameters<BatchActivities['readRow']>[0], 'videoId' | 'requestDigest'>;

function read({ row, batch }: RowOptions, how: HowToRead): Promise<ReadRow> {
  const { readRow } = proxyActivities<BatchActivities>({
    ...batchOptions,
    summary: runSummary(how.wait ? `wait for ${row.key}` : `read ${row.key}`),
  });
  const { requestDigest } = row;
  return readRow({ videoId: rowVideoId(batch.name, row.key), requestDigest, ...how });
}

/** One of our runs ended without a known outcome. */
const unexplained: VideoFailure = {
  kind: 'submit_unknown',
  billed: failures.submit_unknown.billed,
  message: 'The run ended without an outcome',
};

function failed(failure: VideoFailure): RowEnd {
  const { billed, jobId } = failure;
  return {
    state: 'failed',
    origin: 'started',
    billed,
    failure,
    ...(jobId !== undefined && { jobId }),
  };
}

function videoFacts({ key, uri, sha256, sizeBytes, durationSeconds }: VideoResult['video']) {
  return { key, uri, sha256, sizeBytes, durationSeconds };
}

import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  batchMessages,
  type BatchActivities,
  type BatchPartitionInput,
  type BatchRowPhase,
  type PartitionControl,
  type PartitionReport,
  type PartitionTally,
} from '../../contract/batch.ts';
import type { Waiter } from '../../contract/waiter.ts';
import { batchOptions } from '../activity-options.ts';
import { PartitionBook } from './partition-book.ts';
import { batchWaiter, makeRow } from './row.ts';
import { isCancel } from '../failures.ts';

/** Unreported changes are reported after at most this time. */
const quietMs = 60_000;
/**
 * How long a firing of a schedule waits for rows that need a verdict or a person. After this time the gateway's
 * records have been read four times (resolve-unknown.ts), and the decision of a person may take days
 * (docs/decisions/0015-firings-hand-rows-on.md).
 */
const asideMs = 10 * 60_000;

const { readPartition, recordResults, keepRows } = proxyActivities<BatchActivities>(batchOptions);

/** A partition of a batch: starts its rows as the window allows, waits for all of them, and writes their results. */
export async function videoBatchPartitionWorkflow(
  input: BatchPartitionInput,
): Promise<PartitionReport> {
  refuseWithoutBatch();
  const book = new PartitionBook(input);
  const leaves = patched('leave-rows');
  listen(book, leaves ? batchWaiter(input.batch) : {});
  const { rows, results, retry } = input;
  book.add(await readPartition({ rows, ...(retry && { results }) }));
  try {
    // The patch is as old as the field: runs from before it never have `handsOn` in their input.
    const handsOn = leaves && input.handsOn === true && patched('hand-rows-on');
    await work({ ...input, leaves, mayHandOn: handsOn }, book);
  } catch (error) {
    if (!isCancel(error)) throw error;
    await CancellationScope.nonCancellable(async () => {
      await condition(() => !book.hasOpen() && allHandlersFinished());
      await record(input, book);
      await tellBatch(book);
    });
    throw error;
  }
  await condition(allHandlersFinished);
  return book.report();
}

/** The batch assigns the slots: without a batch, the partition would wait for ever. */
function refuseWithoutBatch(): void {
  if (workflowInfo().parent) return;
  const message = 'Only a batch can start its partitions: start "videoBatchWorkflow"';
  throw ApplicationFailure.nonRetryable(message, 'invalid_request');
}

/** @param who The waiter as which the batch leaves its videos; not used in runs that do not leave. */
function listen(book: PartitionBook, who: Waiter): void {
  setHandler(defineQuery<PartitionTally>(batchMessages.batchStatus), () => book.tally());
  setHandler(defineSignal<[BatchRowPhase]>(batchMessages.rowPhase), (phase) => book.aside(phase));
  setHandler(
    defineSignal<[PartitionControl]>(batchMessages.partitionControl),
    async (change: PartitionControl) => {
      book.control(change);
      const videoIds = change.keep ? book.ownVideoIds() : [];
      if (videoIds.length > 0) await keep({ videoIds, ...who });
    },
  );
}

/** If a cancellation interrupted the handler, the run would close before the rows have their outcomes. */
function keep(kept: Parameters<typeof keepRows>[0]): Promise<void> {
  if (!patched('keep-to-the-end')) return keepRows(kept);
  return CancellationScope.nonCancellable(() => keepRows(kept));
}

/** `leaves` is false in runs from before batches could leave videos to other waiters; see {@link makeRow}. */
type Working = BatchPartitionInput & { leaves: boolean; mayHandOn: boolean };

async function work(input: Working, book: PartitionBook): Promise<void> {
  const isAside = () => input.mayHandOn && book.isAside();
  const isMoving = () =>
    book.mayTake() || book.isRecordDue() || book.isReportDue() || book.isDone() || isAside();
  for (;;) {
    while (book.mayTake()) startRow(input, book);
    if (book.isRecordDue()) await record(input, book);
    if (book.isDone()) {
      // A row may have ended while the results of the others were written.
      if (!book.isRecordDue() || !patched('record-the-last')) return;
      continue;
    }
    if (book.isReportDue()) await tellBatch(book);
    if (isAside()) await waitAside(input, book);
    else if (!book.isUntold()) await condition(isMoving);
    else if (!(await condition(isMoving, quietMs))) await tellRest(input, book);
  }
}

/** Called when nothing else is left to do. */
async function waitAside(input: BatchPartitionInput, book: PartitionBook): Promise<void> {
  await tellRest(input, book);
  if (!(await condition(() => !book.isAside(), asideMs))) book.handOn();
}

function startRow({ batch, leaves, mayHandOn }: Working, book: PartitionBook): void {
  const booked = book.take();
  const { row, videoId } = booked;
  const onJoined = () => book.joined(booked);
  const onPhase = (news: Omit<BatchRowPhase, 'videoId'>) => book.aside({ videoId, ...news });
  const options = { row, batch, leaves, onJoined, ...(mayHandOn && { onPhase }) };
  void makeRow(options).then((end) => book.end(booked, end));
}

async function tellRest(input: BatchPartitionInput, book: PartitionBook): Promise<void> {
  await record(input, book);
  if (book.hasSurplus()) await tellBatch(book);
}

async function record({ results: key }: BatchPartitionInput, book: PartitionBook): Promise<void> {
  const results = book.unrecorded();
  if (results.length === 0) return;
  await recordResults({ key, results });
  book.recorded(results);
}

/** If the batch has closed, the report is dropped. */
async function tellBatch(book: PartitionBook): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent) return;
  const batch = getExternalWorkflowHandle(parent.workflowId, parent.runId);
  const signal = defineSignal<[PartitionReport]>(batchMessages.partitionReport);
  await batch.signal(signal, book.report()).catch((error: unknown) => {
    if (isCancel(error)) throw error;
  });
}

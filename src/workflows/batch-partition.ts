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
} from '../contract/batch.ts';
import { batchOptions } from './activity-options.ts';
import { PartitionBook } from './batch-partition-book.ts';
import { batchAsker, makeRow } from './batch-row.ts';
import { isCancel } from './failures.ts';

/** What nobody else knows yet is told at the latest after this time. */
const quietMs = 60_000;

const { readPartition, recordResults, keepRows } = proxyActivities<BatchActivities>(batchOptions);

/** A part of a batch: starts its rows as the window allows, waits for all, and writes what became of them. */
export async function videoBatchPartitionWorkflow(
  input: BatchPartitionInput,
): Promise<PartitionReport> {
  refuseWithoutBatch();
  const book = new PartitionBook(input);
  const leaves = patched('leave-rows');
  listen(book, leaves ? { asker: batchAsker(input.batch) } : {});
  const { rows, results, retry } = input;
  book.add(await readPartition({ rows, ...(retry && { results }) }));
  try {
    await work({ ...input, leaves }, book);
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

/** Its slots come from the batch, and go back to it: without one it would wait for itself. */
function refuseWithoutBatch(): void {
  if (workflowInfo().parent) return;
  const message = 'A part of a batch is started by its batch alone: start "videoBatchWorkflow"';
  throw ApplicationFailure.nonRetryable(message, 'invalid_request');
}

/** @param who As whom the batch leaves what it keeps; nobody in runs that do not leave. */
function listen(book: PartitionBook, who: { asker?: string }): void {
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

/** A handler that a cancellation cuts off would close the run before the rows have their ends. */
function keep(kept: Parameters<typeof keepRows>[0]): Promise<void> {
  if (!patched('keep-to-the-end')) return keepRows(kept);
  return CancellationScope.nonCancellable(() => keepRows(kept));
}

/** `leaves` is false in runs that were begun before a batch left its videos to others; see {@link makeRow}. */
type Working = BatchPartitionInput & { leaves: boolean };

async function work(input: Working, book: PartitionBook): Promise<void> {
  const isMoving = () =>
    book.mayTake() || book.isRecordDue() || book.isReportDue() || book.isDone();
  for (;;) {
    while (book.mayTake()) startRow(input, book);
    if (book.isRecordDue()) await record(input, book);
    if (book.isDone()) return;
    if (book.isReportDue()) await tellBatch(book);
    if (!book.isUntold()) await condition(isMoving);
    else if (!(await condition(isMoving, quietMs))) await tellRest(input, book);
  }
}

function startRow({ batch, leaves }: Working, book: PartitionBook): void {
  const booked = book.take();
  const onJoined = () => book.joined(booked);
  void makeRow({ row: booked.row, batch, leaves, onJoined }).then((end) => book.end(booked, end));
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

/** A batch that is gone needs no report. */
async function tellBatch(book: PartitionBook): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent) return;
  const batch = getExternalWorkflowHandle(parent.workflowId, parent.runId);
  const signal = defineSignal<[PartitionReport]>(batchMessages.partitionReport);
  await batch.signal(signal, book.report()).catch((error: unknown) => {
    if (isCancel(error)) throw error;
  });
}

import {
  defineQuery,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  setHandler,
} from '@temporalio/workflow';
import {
  batchMessages,
  type BatchStatus,
  type PartitionControl,
  type PartitionReport,
} from '../../contract/batch.ts';
import type { BatchBook, OpenPartition } from './book.ts';

/** Handles the messages of people and partitions to a batch. `changed` is called after each change. */
export function listenForBatch(book: BatchBook, changed: () => void): void {
  setHandler(defineQuery<BatchStatus>(batchMessages.batchStatus), () => book.status());
  setHandler(
    defineSignal<[PartitionReport]>(batchMessages.partitionReport),
    async (report: PartitionReport) => {
      book.reported(report);
      changed();
      await shareOut(book);
    },
  );
  onUpdate(batchMessages.pauseBatch, { book, changed }, async () => {
    book.pause();
    await tellOpen(book, { paused: true });
  });
  onUpdate(batchMessages.resumeBatch, { book, changed }, async () => {
    book.resume();
    await tellOpen(book, { paused: false });
    await shareOut(book);
  });
  onUpdate(batchMessages.retryFailed, { book, changed }, async () => {
    book.retry();
    await tellOpen(book, { retry: true });
  });
  onUpdate(batchMessages.keepBatch, { book, changed }, async () => {
    book.keep();
    await tellOpen(book, { keep: true });
  });
}

/** Distributes free slots of the window to the partitions that have rows to start. */
export async function shareOut(book: BatchBook): Promise<void> {
  const shares = book.shareOut();
  await Promise.all(shares.map(({ partition, slots }) => tell(partition, { slots })));
}

interface Listening {
  book: BatchBook;
  changed: () => void;
}

/** Registers an update that returns the status after the change. */
function onUpdate(name: string, { book, changed }: Listening, act: () => Promise<void>): void {
  setHandler(
    defineUpdate<BatchStatus>(name),
    async () => {
      await act();
      changed();
      return book.status();
    },
    { validator: () => validate(name, book.status()) },
  );
}

function validate(name: string, { phase }: BatchStatus): void {
  if (phase === 'running' || phase === 'paused') return;
  if (phase === 'preparing' && name !== batchMessages.keepBatch) return;
  throw new Error(`Not in phase "${phase}": ${refusals[phase]}`);
}

const refusals = {
  preparing: 'nothing was started yet; cancel the batch, or retry in a moment',
  keeping: 'no more rows are started; run the batch again for the others',
  done: 'it has ended; run it again for what is missing',
  cancelled: 'it has ended; run it again for what is missing',
} as const;

async function tellOpen(book: BatchBook, control: PartitionControl): Promise<void> {
  await Promise.all(book.open().map((partition) => tell(partition, control)));
}

/** A partition that has just closed needs no signal: its remaining rows are queued or in the results. */
async function tell({ workflowId }: OpenPartition, control: PartitionControl): Promise<void> {
  const partition = getExternalWorkflowHandle(workflowId);
  await partition
    .signal(defineSignal<[PartitionControl]>(batchMessages.partitionControl), control)
    .catch(() => {});
}

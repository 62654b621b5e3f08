import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  condition,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import {
  batchRowsFailed,
  batchWorkflowTypes,
  type BatchActivities,
  type BatchPartitionInput,
  type PartitionReport,
  type VideoBatchInput,
  type VideoBatchResult,
  type BatchStatus,
} from '../../contract/batch.ts';
import { countName } from '../../contract/batch-counts.ts';
import { endUnknownWords } from '../../contract/batch-end-words.ts';
import { utcMinute } from '../../contract/clock-text.ts';
import { scheduledTimeKey } from '../../contract/search-attributes.ts';
import { batchOptions } from '../activity-options.ts';
import { BatchBook, type Assignment } from './book.ts';
import { listenForBatch, shareOut } from './handlers.ts';
import { isCancel } from '../failures.ts';
import { createAnnouncer } from '../webhooks/announcer.ts';

const { prepareBatch, mergeResults } = proxyActivities<BatchActivities>(batchOptions);

/**
 * Generates the videos of a manifest, each paid at most once across restarts: partition by partition, with a bounded
 * window of concurrent videos. A failed row does not affect the others. The batch stays open while one of its videos
 * is in progress. A firing of a schedule does not wait for a verdict or a person, since the next firing would be
 * skipped meanwhile.
 */
export async function videoBatchWorkflow(input: VideoBatchInput): Promise<VideoBatchResult> {
  const book = new BatchBook(input);
  const changed = () => setCurrentDetails(batchDetails(book.status()));
  listenForBatch(book, changed);
  changed();
  try {
    book.prepared(await prepareBatch(plan(input, book)));
    do {
      await runPartitions(input, book, changed);
      await merge(input, book);
      await condition(allHandlersFinished);
    } while (!book.isDone());
  } catch (error) {
    if (!isCancel(error)) throw error;
    await CancellationScope.nonCancellable(async () => {
      await condition(() => !book.hasOpen());
      if (book.resultKeys().length > 0) await merge(input, book);
    });
    book.close('cancelled');
    changed();
    throw error;
  }
  book.close('done');
  changed();
  const announcer = createAnnouncer({});
  announcer.tell('batch.completed');
  await announcer.settled();
  return end(input, book);
}

function plan({ manifest, at, timeZone = 'UTC' }: VideoBatchInput, { folder }: BatchBook) {
  const nominal = firingTime() ?? workflowInfo().startTime;
  return { manifest: manifest.key, folder, at: at ?? nominal.toISOString(), timeZone };
}

/** The scheduled time of a firing of a schedule. */
function firingTime(): Date | undefined {
  return workflowInfo().typedSearchAttributes.get(scheduledTimeKey);
}

async function runPartitions(
  input: VideoBatchInput,
  book: BatchBook,
  changed: () => void,
): Promise<void> {
  for (;;) {
    await condition(() => book.mayBegin() || book.isDone());
    if (book.isDone()) return;
    const { next, slots } = book.begin();
    const child = await beginPartition(input, book, { next, slots });
    book.begunAs(next.index, child.workflowId);
    const ended = (report?: PartitionReport) => {
      if (report) book.reported(report);
      book.ended(next.index);
      changed();
      return shareOut(book);
    };
    void child.result().then(
      (report: PartitionReport) => ended(report),
      () => ended(),
    );
    await shareOut(book);
  }
}

async function beginPartition(
  { deadlineMs, caps, retakes, sendAnyway, name }: VideoBatchInput,
  { id, runId, window }: BatchBook,
  { next, slots }: { next: Assignment; slots: number },
) {
  const { index, rows, results, retry } = next;
  const input: BatchPartitionInput = {
    batch: {
      name,
      runId,
      ...(caps && { caps }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(retakes && { retakes }),
      ...(sendAnyway && { sendAnyway }),
    },
    index,
    rows,
    results,
    slots,
    window,
    ...(retry && { retry }),
    ...(firingTime() && { handsOn: true }),
  };
  return startChild(batchWorkflowTypes.partition, {
    workflowId: `${id}/${runId}/part-${index + 1}`,
    args: [input],
    staticSummary: `${name} · part ${index + 1}, ${next.count} rows${retry ? ', again' : ''}`,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

async function merge({ name }: VideoBatchInput, book: BatchBook): Promise<void> {
  await mergeResults({ parts: book.resultKeys(), targets: [book.folder, latest(name)] });
}

/** The results of the newest run of a batch name. */
function latest(name: string): string {
  return `batches/${name}`;
}

function end({ name, failAtEnd }: VideoBatchInput, book: BatchBook): VideoBatchResult {
  const { rows = 0, counts, origins, retryable, folder } = book.status();
  const results = { jsonl: `${folder}/results.jsonl`, csv: `${folder}/results.csv` };
  const result = { name, rows, counts, origins, retryable, results };
  if (!failAtEnd || counts.failed === 0) return result;
  throw ApplicationFailure.create({
    type: batchRowsFailed,
    message: `${counts.failed} of ${rows} rows failed; all others are done and recorded`,
    nonRetryable: true,
    details: [result],
  });
}

/** As of the last report of the partitions. */
function endText({ expectedEnd, endUnknown, ...status }: BatchStatus): string | undefined {
  if (endUnknown) return endUnknownWords(endUnknown, status);
  if (expectedEnd === undefined) return undefined;
  return `expected at about ${utcMinute(expectedEnd)}`;
}

/** A batch as Markdown, for the details panel of the Temporal UI. */
function batchDetails(status: BatchStatus): string {
  const { phase, rows, counts, origins, partitions, folder, failures, window } = status;
  const end = endText(status);
  const shown = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    `**${phase}** · ${rows ?? '?'} rows · ${window} at once`,
    '',
    '| rows | |',
    '|---|---:|',
    ...shown.map(([state, count]) => `| ${countName(state)} | ${count} |`),
    '',
    ...(end === undefined ? [] : [`- end: ${end}`]),
    `- found in storage: ${origins.cached}, joined: ${origins.joined}`,
    `- partitions: ${partitions.ended} of ${partitions.total} done`,
    `- results: \`${folder}\``,
    ...(failures.length === 0 ? [] : ['', 'Newest failures:', '']),
    ...failures.map(
      ({ line, kind, billed, message }) =>
        `- line ${line}, **${kind}**, billed: ${billed}: ${message.replace(/\s+/g, ' ')}`,
    ),
  ].join('\n');
}

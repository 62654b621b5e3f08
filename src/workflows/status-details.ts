import { utcMinute, utcSecond } from '../contract/clock-text.ts';
import { expectation, usualWords } from '../contract/expected-time.ts';
import { failures } from '../contract/failure.ts';
import type { RetriedStep, VideoStatus } from '../contract/messages.ts';
import { retryWords, type TimeTexts } from '../contract/retry-words.ts';

/** The status as Markdown, for the details panel of the Temporal UI. */
export function statusDetails(
  status: VideoStatus,
  { isLean = false }: { isLean?: boolean } = {},
): string {
  const lines = [headline(status, isLean), ...facts(status), ...advice(status)];
  return lines.join('\n');
}

/** A lean run is told of no progress: the pending activity has the last word of the gateway. */
function headline({ phase, progressPercent }: VideoStatus, isLean: boolean): string {
  if (isLean && (phase === 'queued' || phase === 'running')) return '**at the gateway**\n';
  return `**${phase}**${progressPercent === undefined ? '' : ` · ${progressPercent} %`}\n`;
}

function facts(status: VideoStatus): string[] {
  const { jobId, billed, deadlineAt, video, attention, unknownWord, failedTakes = [] } = status;
  return [
    `- billed: ${billed}`,
    ...(jobId === undefined ? [] : [`- job: \`${code(jobId)}\``]),
    ...(deadlineAt === undefined || video ? [] : [`- deadline: ${deadlineAt}`]),
    ...expectedFact(status),
    ...(attention === undefined ? [] : [`- needs attention: ${attention}`]),
    ...failedTakes.map(
      ({ jobId: id, kind, message }) =>
        `- earlier take, not billed: job \`${code(id)}\` failed (${kind}): ${message}`,
    ),
    ...(unknownWord === undefined
      ? []
      : [`- unknown status of the gateway: \`${code(unknownWord)}\``]),
    ...(video
      ? [
          `- file: \`${code(video.key)}\`, ${video.sizeBytes} bytes`,
          `- ${video.width}×${video.height}, ${video.durationSeconds} s, ${video.hasAudio ? 'with' : 'without'} sound`,
          `- sha256: \`${video.sha256}\``,
        ]
      : []),
    ...status.warnings.map(
      (warning) => `- warning, \`${code(warning.field)}\`: ${warning.message}`,
    ),
  ];
}

/** Without a countdown: the text changes only with the status. In phase `overdue` the time is long past. */
function expectedFact(status: VideoStatus): string[] {
  const { phase, expected, changedAt } = status;
  if (phase === 'overdue') return [];
  const found = expectation(status, Date.parse(changedAt));
  return expected && found ? [`- expected: ${utcSecond(expected.at)}, ${usualWords(found)}`] : [];
}

function advice(status: VideoStatus): string[] {
  const { phase, failure, unresolved, retrying, cancellation } = status;
  const shown = failure ?? unresolved?.failure;
  const { findings = [], candidates = [], decided } = unresolved ?? {};
  return [
    ...(shown
      ? ['', `**${shown.kind}**: ${shown.message}`, '', failures[shown.kind].whatToDo]
      : []),
    // Without an empty line, Markdown continues the paragraph before.
    ...(findings.length + candidates.length > 0 ? [''] : []),
    ...findings.map((finding) => `- ${finding}`),
    ...candidates.map((jobId) => `- candidate job: \`${code(jobId)}\``),
    ...(decided && phase === 'unresolved'
      ? ['', `**Decided**: ${decided}. It takes effect after the current lookup.`]
      : []),
    ...(phase === 'overdue' ? ['', overdueText] : []),
    ...(retrying ? ['', retryText(retrying, status)] : []),
    ...(cancellation ? ['', cancellationText[cancellation.outcome]] : []),
  ];
}

function retryText(retrying: RetriedStep, { phase, waiting }: VideoStatus): string {
  const words = retryWords(retrying, utc, waiting);
  return phase === 'waiting' ? capital(words) : `**Retrying**: ${words}`;
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

const utc: TimeTexts = { second: utcSecond, minute: utcMinute };

const overdueText =
  'The deadline has passed. The job is still polled, and its video will be stored if it completes.';

const cancellationText = {
  stopped_before_spend: 'Cancelled before anything was sent: nothing was billed.',
  kept: 'No waiter is left. The job continues, stays billed, and its video will be stored.',
  watching_stopped: 'Polling stopped. The job continues at the gateway and stays billed.',
} as const;

/** Backticks would end the code span. */
function code(text: string): string {
  return text.replaceAll('`', "'");
}

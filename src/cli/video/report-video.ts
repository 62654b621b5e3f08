import { fileURLToPath } from 'node:url';
import type { VideoOutcome } from '../../client.ts';
import { failures, type Billed, type KeptFile, type VideoFailure } from '../../contract/failure.ts';
import type { Cancellation, VideoResult } from '../../contract/messages.ts';
import { oneLine } from '../../contract/one-line.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import type { RequestWarning } from '../../contract/video-request.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { shortId } from '../short-id.ts';
import { bytes } from '../storage/words.ts';

const labelWidth = 10;

/** Added to `billed` if an earlier run of the key paid for the job. */
const before = ', by an earlier run: nothing was submitted now';

/** Exit of the command for each outcome of a video. */
export const outcomeExits = {
  stored: 'ok',
  failed: 'failed',
  cancelled: 'cancelled',
  pending: 'pending',
} as const satisfies Record<VideoOutcome['outcome'], Exit>;

/** Describes the outcome. Billing status is never misreported. */
export function outcomeLines(outcome: VideoOutcome, colors: Colors): string[] {
  const { videoId } = outcome;
  switch (outcome.outcome) {
    case 'stored':
      return storedLines({ ...outcome.result, videoId }, colors);
    case 'failed':
      return [colors.red('✗ failed'), ...failureLines(outcome.failure, colors)];
    case 'cancelled':
      return cancellationLines(outcome.cancellation, colors);
    case 'pending':
      return pendingLines(outcome, colors);
  }
}

function storedLines(
  { video, jobId, billed, paidBefore, videoId, warnings }: VideoResult & { videoId: string },
  colors: Colors,
): string[] {
  return [
    colors.green('✓ stored'),
    field('file', videoPlace(video), colors),
    field('video', videoFacts(video), colors),
    field('sha256', video.sha256, colors),
    field('job', `${jobId}, billed: ${billed}${paidBefore ? before : ''}`, colors),
    field('id', shortId(videoId), colors),
    ...[...warnings.map(warningWords), ...video.warnings].map((warning) =>
      colors.yellow(`! ${warning}`),
    ),
  ];
}

/** A change by the gateway to a request, in one line. */
export function warningWords({
  field: name,
  message,
}: Pick<RequestWarning, 'field' | 'message'>): string {
  return oneLine(`"${name}": ${message}`);
}

/** Kind, billing status, message, ids and what to do. */
export function failureLines(failure: VideoFailure, colors: Colors): string[] {
  const { kind, message, billed, jobId, requestId, gatewayMessage = '', kept } = failure;
  return [
    field('kind', `${kind}: ${failures[kind].meaning}`, colors),
    field('billed', billedWords[billed], colors),
    field('message', message, colors),
    ...(message.includes(gatewayMessage) ? [] : [field('gateway', gatewayMessage, colors)]),
    ...(jobId === undefined ? [] : [field('job', jobId, colors)]),
    ...(requestId === undefined ? [] : [field('request', requestId, colors)]),
    ...(kept ? [field('kept', `${videoPlace(kept)}, ${bytes(kept.sizeBytes)}`, colors)] : []),
    field('to do', failures[kind].whatToDo, colors),
  ];
}

/** What a cancellation achieved, and what it did not. */
export function cancellationLines(
  { outcome, billed, jobId }: Cancellation,
  colors: Colors,
): string[] {
  if (outcome === 'stopped_before_spend') {
    return [colors.yellow('■ cancelled before anything was sent: nothing was billed')];
  }
  if (outcome === 'kept') {
    return [
      colors.yellow('■ stopped waiting: the job continues, and its video will be stored'),
      ...(jobId === undefined ? [] : [field('job', jobId, colors)]),
      field('billed', billedWords[billed], colors),
    ];
  }
  if (jobId === undefined) {
    return [
      colors.yellow('■ cancelled, but a submit was under way: a job may exist'),
      field('billed', billedWords[billed], colors),
      field('to do', "Look for the job in the gateway's console.", colors),
    ];
  }
  return [
    colors.yellow('■ watching stopped: the job continues at the gateway and stays billed'),
    field('job', jobId, colors),
    field('billed', billedWords[billed], colors),
  ];
}

function pendingLines(
  { reason, status, videoId }: VideoOutcome & { outcome: 'pending' },
  colors: Colors,
): string[] {
  const id = shellWord(videoId);
  const where = `${status.phase}${status.jobId === undefined ? '' : `, job ${status.jobId}`}`;
  switch (reason) {
    case 'limit':
      return [
        colors.yellow(`… still under way (${where}); only the wait ended`),
        field('follow', `onetake watch ${id}`, colors),
      ];
    case 'overdue':
      return [
        colors.yellow(
          `… overdue (${where}): the deadline has passed, and the job is still watched`,
        ),
        field('billed', billedWords[status.billed], colors),
        field('status', `onetake status ${id}`, colors),
      ];
    case 'unresolved':
      return [
        colors.yellow('… unresolved: the paid request was sent, and its outcome is unknown'),
        ...(status.unresolved ? failureLines(status.unresolved.failure, colors) : []),
        field('decide', `onetake resolve ${id} --adopt <job id> | --resubmit | --abandon`, colors),
      ];
  }
}

const billedWords: Readonly<Record<Billed, string>> = {
  no: 'no',
  yes: 'yes',
  maybe: 'maybe: not known yet',
};

/** `1920×1080, 5 s, with sound, 2.1 MB`. */
export function videoFacts(video: StoredVideo): string {
  const { width, height, durationSeconds, hasAudio, sizeBytes } = video;
  const length = Number(durationSeconds.toFixed(2));
  const sound = hasAudio ? 'with sound' : 'without sound';
  return `${width}×${height}, ${length} s, ${sound}, ${bytes(sizeBytes)}`;
}

/** The local path of a `file:` address, otherwise the address. */
export function videoPlace({ uri }: KeptFile): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

export function field(label: string, value: string, colors: Colors): string {
  return `  ${colors.dim(label.padEnd(labelWidth))}${value}`;
}

/** The id, quoted for a shell. */
export function shellWord(videoId: string): string {
  const id = videoId.replace(/^video\//, '');
  return /^[\w./:@%+=-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`;
}

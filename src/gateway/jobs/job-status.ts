import type { JobState } from '../../contract/video-job.ts';
import { compact } from '../compact.ts';
import { type JobPlace, resultUrls } from './field-places.ts';
import type { JobStatus } from '../gateway.ts';
import { readGenerationsStatus as readEnvelope } from '../generations/response.ts';
import { readJobFailure } from './job-failure.ts';
import { progressPercent } from './progress.ts';
import { redact, shorten } from '../faults/redact.ts';
import { stateOfWord } from './status-words.ts';
import { linkExpiryMs, timestampMs } from './timestamps.ts';
import { readVideosStatus as readVideo } from '../videos/response.ts';

export interface StatusContext extends JobPlace {
  requestId?: string | undefined;
  /** Secrets to redact from texts. */
  secrets?: readonly string[];
}

/** Longer than any known status word. */
const maxWordLength = 100;

/**
 * Reads any status body of either route. Detects the shape from the body, because deployments and versions mix the shapes.
 *
 * @returns undefined if the body is not an object.
 */
export function readJobStatus(body: unknown, context: StatusContext): JobStatus | undefined {
  const found = readEnvelope(body) ?? readVideo(body);
  if (!found) return undefined;
  const { raw, fields } = found;
  const word = shorten(redact(String(fields.status ?? '').trim(), context.secrets), maxWordLength);
  const known = stateOfWord(word);
  const state: JobState = known ?? 'running';
  const urls = state === 'succeeded' ? resultUrls(raw, context) : [];
  const failed = state === 'failed' ? readJobFailure({ body, raw, word, ...context }) : undefined;
  const terminal = state === 'succeeded' || state === 'failed';
  return compact({
    state,
    rawStatus: word === '' ? undefined : word,
    unknownWord: known === undefined ? word : undefined,
    noNews: word === '',
    progressPercent: progressPercent(fields.progress),
    resultUrls: urls,
    failure: failed?.failure,
    reasonMissing: failed?.reasonMissing ?? false,
    createdAt: timestampMs(fields.createdAt),
    // While the job runs, the gateway sets this to the time of the last change.
    completedAt: terminal ? timestampMs(fields.completedAt) : undefined,
    expiresAt: state === 'succeeded' ? expiry(fields.expiresAt, urls) : undefined,
    usageSeconds: nonNegative(fields.usageSeconds),
    quota: nonNegative(fields.quota),
    requestId: context.requestId,
  });
}

function expiry(stated: unknown, urls: readonly string[]): number | undefined {
  return timestampMs(stated) ?? urls.map(linkExpiryMs).find((expiresAt) => expiresAt !== undefined);
}

function nonNegative(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

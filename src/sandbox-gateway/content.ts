import { empty, type Answer } from './answer.ts';
import { chooseFor } from './scenarios/choose-scenario.ts';
import type { Exchange } from './exchange.ts';
import { wrongKey } from './errors.ts';
import type { Job } from './job.ts';
import { keyIsSpent } from './key-balance.ts';
import { mediaNotFound, requestExpired, signatureMismatch, xml } from './media-errors.ts';
import { readMediaFile } from './media-library.ts';
import { currentUrl, isUrlExpired, signedPath } from './result-url.ts';
import { answerRange } from './range.ts';
import { countUp, findJob, rowOf, scenarioTexts, settleJob, type Runtime } from './runtime.ts';
import type { DownloadContext, ScenarioPlace } from './scenarios/scenario.ts';
import { answerUpload, uploadedFile } from './uploads.ts';

/** Answers `/v1/videos/{id}/content`: usually 307 to the media origin, anonymous. */
export function answerContent(
  runtime: Runtime,
  { exchange, jobId }: { exchange: Exchange; jobId: string },
): Answer {
  const job = findJob(runtime, jobId);
  if (job === null) return mediaNotFound();
  settleJob(runtime, job);
  if (keyIsSpent(runtime)) return wrongKey(exchange.requestId);
  const row = rowOf(runtime, job, exchange);
  const redirect = (): Answer =>
    empty(307, {
      Location: currentUrl(runtime, job, styleOf(runtime, exchange, job)),
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
  const play = { exchange, job, place: 'content' as const, normal: redirect };
  if (row.status !== 'SUCCESS' || isHidden(runtime, exchange, job)) return mediaNotFound();
  return (
    playScenario(runtime, { ...play, issue: Math.max(0, job.urlIssues.length - 1) }) ?? redirect()
  );
}

/**
 * Answers the media origin: the key is refused, the raw query must be the signed one.
 *
 * @param upload The body of a PUT.
 */
export function answerMedia(
  runtime: Runtime,
  exchange: Exchange,
  upload: Buffer | null = null,
): { answer: Answer; job: Job | null } {
  const { headers } = exchange;
  if (headers['authorization'] !== undefined || headers['x-api-key'] !== undefined) {
    return { answer: xml(400, 'InvalidArgument', 'Only one auth mechanism allowed'), job: null };
  }
  if (upload !== null && exchange.method === 'PUT') {
    return { answer: answerUpload(runtime, exchange, upload), job: null };
  }
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
    return { answer: xml(405, 'MethodNotAllowed', 'The method is not allowed'), job: null };
  }
  const uploaded = uploadedFile(runtime, exchange);
  if (uploaded !== null) return { answer: uploaded, job: null };
  const job = jobOf(runtime, exchange);
  if (job === null) return { answer: xml(404, 'NoSuchKey', 'The key does not exist'), job: null };
  const style = styleOf(runtime, exchange, job);
  const issue = job.urlIssues.findIndex(
    (_, index) => signedPath(runtime, { job, issue: index, style }) === exchange.path,
  );
  if (issue < 0) return { answer: signatureMismatch(), job };
  const given = job.urlIssues[issue];
  if (given !== undefined && isUrlExpired(runtime, given))
    return { answer: requestExpired(job), job };
  const normal = (file = readMediaFile(job.mediaFile)): Answer => answerRange(exchange, file);
  const played = playScenario(runtime, { exchange, job, place: 'media', issue, normal });
  return { answer: played ?? normal(), job };
}

function playScenario(
  runtime: Runtime,
  play: {
    exchange: Exchange;
    job: Job;
    place: ScenarioPlace;
    issue: number;
    normal: (file?: Buffer) => Answer;
  },
): Answer | null {
  const { exchange, job, place } = play;
  const texts = scenarioTexts(runtime, job, exchange);
  const chosen = chooseFor('download', texts);
  if (chosen === null) return null;
  const { scenario, times, variant, value } = chosen;
  if (scenario.answer === undefined || !(scenario.places ?? ['media']).includes(place)) return null;
  const nth = countUp(runtime, `download|${scenario.name}|${job.id}`);
  if (nth > times) return null;
  const context: DownloadContext = {
    ...play,
    variant,
    value,
    nth,
    times,
    row: rowOf(runtime, job, exchange),
    origins: runtime.origins,
    file: readMediaFile(job.mediaFile),
    directUrl: currentUrl(runtime, job, styleOf(runtime, exchange, job)),
    contentUrl: `${runtime.origins.gateway}${contentPath(job)}`,
    apiKey: runtime.apiKey,
  };
  return scenario.answer(context);
}

/** Whether a poll scenario without any result still affects polls. */
function isHidden(runtime: Runtime, exchange: Exchange, job: Job): boolean {
  const texts = scenarioTexts(runtime, job, exchange);
  const chosen = chooseFor('poll', texts);
  if (chosen?.scenario.hidesContent !== true) return false;
  const count = runtime.store.state.counts[`poll|${chosen.scenario.name}|${job.id}`] ?? 0;
  return count < chosen.times;
}

function contentPath(job: Job): string {
  return `/v1/videos/${encodeURIComponent(job.id)}/content`;
}

function jobOf(runtime: Runtime, exchange: Exchange): Job | null {
  const id = /[?&]x-id=([^&]*)/.exec(exchange.path)?.[1];
  if (id === undefined) return null;
  try {
    return findJob(runtime, decodeURIComponent(id));
  } catch {
    return null;
  }
}

function styleOf(
  runtime: Runtime,
  exchange: Exchange,
  job: Job,
): { fragile: boolean; wrongHash: boolean } {
  const texts = scenarioTexts(runtime, job, exchange);
  const name = chooseFor('download', texts)?.scenario.name;
  return { fragile: name === 'dl-byte-exact', wrongHash: name === 'dl-hash-path' };
}

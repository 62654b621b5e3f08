import type { Answer } from './answer.ts';
import { chooseFor } from './scenarios/choose-scenario.ts';
import { taskNotExist } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Job, Row } from './job.ts';
import { isFinished } from './life.ts';
import { readMediaFile } from './media-library.ts';
import { renderEnvelope, renderGenerations, renderInner } from './render-generations.ts';
import { renderRecordedVideos, renderVideos, type ResultUrls, type View } from './render-videos.ts';
import { currentUrl, issueUrl } from './result-url.ts';
import { countUp, findJob, rowOf, scenarioTexts, settleJob, type Runtime } from './runtime.ts';
import type { PollContext, Route } from './scenarios/scenario.ts';
import { statusReply } from './status-reply.ts';

interface Poll {
  exchange: Exchange;
  route: Route;
  jobId: string;
}

/** Handles a status request of either format. */
export function answerPoll(runtime: Runtime, { exchange, route, jobId }: Poll): Answer {
  const job = findJob(runtime, jobId);
  if (job === null) return taskNotExist();
  settleJob(runtime, job);
  const row = rowOf(runtime, job, exchange);
  const poll = { exchange, route, job, row };
  return playScenario(runtime, poll) ?? statusReply(usualBody(runtime, poll, row));
}

interface Asked {
  exchange: Exchange;
  route: Route;
  job: Job;
  row: Row;
}

function playScenario(runtime: Runtime, poll: Asked): Answer | null {
  const { exchange, job, row, route } = poll;
  const chosen = chooseFor('poll', scenarioTexts(runtime, job, exchange));
  if (chosen === null) return null;
  const { scenario, times, variant, value } = chosen;
  if (scenario.answer === undefined) return null;
  if (scenario.routes !== undefined && !scenario.routes.includes(route)) return null;
  if (scenario.when === 'finished' && !isFinished(row)) return null;
  const nth = countUp(runtime, `poll|${scenario.name}|${job.id}`);
  if (nth > times) return null;
  const context: PollContext = {
    ...poll,
    variant,
    value,
    nth,
    times,
    origins: runtime.origins,
    directUrl: isFinished(row) ? currentUrl(runtime, job) : '',
    contentUrl: contentUrl(runtime, job),
    renewUrl: (validMs) => issueUrl(runtime, job, validMs),
    file: () => readMediaFile(job.mediaFile),
    body: (changes = {}) => structuredClone(usualBody(runtime, poll, { ...row, ...changes })),
  };
  return scenario.answer(context);
}

function usualBody(
  runtime: Runtime,
  { exchange, route, job }: Asked,
  row: Row,
): Record<string, unknown> {
  const urls = resultUrls(runtime, { exchange, job, row });
  if (route === 'generations' && isProxied(job, row)) urls.resultUrl = contentUrl(runtime, job);
  const view: View = { job, row, urls };
  const chosen = chooseFor('poll', scenarioTexts(runtime, job, exchange));
  const name = chosen?.scenario.name;
  if (name === 'poll-gemini-flip' && route === 'generations') {
    return isFinished(row) ? renderEnvelope(view) : renderInner(view);
  }
  if (route === 'generations') return renderGenerations(view);
  const recorded = name === 'poll-openai' && chosen?.variant === 'recorded';
  return recorded ? renderRecordedVideos(view) : renderVideos(view);
}

function resultUrls(
  runtime: Runtime,
  { exchange, job, row }: { exchange: Exchange; job: Job; row: Row },
): ResultUrls {
  if (row.status !== 'SUCCESS') return { url: '', videoUrl: '', resultUrl: '', direct: '' };
  const chosen = chooseFor('download', scenarioTexts(runtime, job, exchange));
  const style = {
    fragile: chosen?.scenario.name === 'dl-byte-exact',
    wrongHash: chosen?.scenario.name === 'dl-hash-path',
  };
  const direct = currentUrl(runtime, job, style);
  const proxied = contentUrl(runtime, job);
  const shown = chosen?.scenario.via;
  const via = typeof shown === 'function' ? shown(chosen?.variant ?? null) : shown;
  if (via === 'content') return { url: proxied, videoUrl: proxied, resultUrl: proxied, direct: '' };
  if (via === 'content-first') {
    return { url: proxied, videoUrl: direct, resultUrl: proxied, direct };
  }
  return { url: direct, videoUrl: direct, resultUrl: direct, direct };
}

function contentUrl(runtime: Runtime, job: Job): string {
  return `${runtime.origins.gateway}/v1/videos/${encodeURIComponent(job.id)}/content`;
}

/** These channels give no address, so the row has that of the gateway's proxy. */
function isProxied(job: Job, row: Row): boolean {
  return row.status === 'SUCCESS' && (job.family === 'sora' || job.family === 'gemini');
}

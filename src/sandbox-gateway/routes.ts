import { empty, html, json, type Answer } from './answer.ts';
import { chooseFor } from './scenarios/choose-scenario.ts';
import { answerContent } from './content.ts';
import { apiError, invalidUrl, wrongKey } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { modelList } from './vendors/families.ts';
import { answerBalance, keyIsSpent } from './key-balance.ts';
import { pluginModelIds } from './vendors/plugin-models.ts';
import { answerPoll } from './poll.ts';
import { answerPricing } from './pricing.ts';
import { answerKeyLog, answerOwnLog, limitKeyRoutes } from './request-log.ts';
import { countUp, latestTexts, type Runtime } from './runtime.ts';
import type { Route } from './scenarios/scenario.ts';
import { answerTaskLog } from './task-log.ts';
import { answerTicket } from './uploads.ts';

/** Routes of the gateway origin. */
export type Target =
  | { kind: 'submit' }
  | { kind: 'status'; route: Route; jobId: string }
  | { kind: 'content'; jobId: string }
  | { kind: 'upload' }
  | { kind: 'other' };

const createPaths = ['/v1/video/generations', '/v1/videos'];

/** Finds the route of a request; ids are percent-decoded. */
export function targetOf({ method, pathname }: Exchange): Target {
  if (method === 'POST' && createPaths.includes(pathname)) return { kind: 'submit' };
  if (method === 'POST' && pathname === '/v1/media/uploads') return { kind: 'upload' };
  const content = /^\/v1\/videos\/([^/]+)\/content$/.exec(pathname);
  if (content !== null && (method === 'GET' || method === 'HEAD')) {
    return { kind: 'content', jobId: decodeId(content[1]) };
  }
  const status = /^\/v1\/(videos|video\/generations)\/([^/]+)$/.exec(pathname);
  if (status === null || method !== 'GET') return { kind: 'other' };
  const route = status[1] === 'videos' ? 'videos' : 'generations';
  return { kind: 'status', route, jobId: decodeId(status[2]) };
}

/** Handles all requests without a body. */
export function answerRequest(runtime: Runtime, exchange: Exchange, target: Target): Answer {
  if (target.kind === 'content') return answerContent(runtime, { exchange, jobId: target.jobId });
  if (target.kind === 'status') {
    const { route, jobId } = target;
    return checkKey(runtime, exchange) ?? answerPoll(runtime, { exchange, route, jobId });
  }
  return answerOther(runtime, exchange);
}

/** Handles a request for an upload ticket; hosts without plugins do not have the path. */
export function answerUploadRequest(runtime: Runtime, exchange: Exchange, body: string): Answer {
  if (runtime.generation === 'classic') return invalidUrl(exchange.method, exchange.pathname);
  return checkKey(runtime, exchange) ?? answerTicket(runtime, body);
}

/** 401 as recorded, in the requested language; null if the API key is valid. */
export function checkKey(
  runtime: Runtime,
  { headers, requestId, chinese }: Exchange,
): Answer | null {
  const header = headers['authorization'];
  const key = header?.replace(/^Bearer\s*/i, '').trim();
  if (key === runtime.apiKey) return null;
  const missing = chinese ? '未提供令牌' : 'Token not provided';
  const wrong = chinese ? '无效的令牌' : 'Invalid token';
  const message = key === undefined ? missing : wrong;
  return apiError(401, { code: '', message, requestId });
}

function answerOther(runtime: Runtime, exchange: Exchange): Answer {
  const { method, pathname } = exchange;
  const trimmed = pathname.replace(/\/$/, '');
  if (method === 'POST' && trimmed !== pathname && createPaths.includes(trimmed)) {
    return empty(307, { Location: exchange.path.replace(pathname, trimmed) });
  }
  if (method === 'GET' && pathname === '/v1/models') {
    if (keyIsSpent(runtime)) return wrongKey(exchange.requestId);
    return checkKey(runtime, exchange) ?? answerModels(runtime, exchange);
  }
  if (method === 'GET' && pathname === '/api/pricing' && runtime.generation === 'plugins') {
    return answerPricing(runtime, exchange);
  }
  if (method === 'GET' && pathname === '/api/usage/token/') {
    return (
      limitKeyRoutes(runtime, exchange) ?? checkKey(runtime, exchange) ?? answerBalance(runtime)
    );
  }
  if (method === 'GET' && pathname === '/api/log/token') {
    const held = limitKeyRoutes(runtime, exchange) ?? checkKey(runtime, exchange);
    return held ?? answerKeyLog(runtime, exchange);
  }
  if (method === 'GET' && pathname === '/api/log/self') {
    return answerOwnLog(runtime, exchange);
  }
  if (method === 'GET' && pathname === '/api/task/self') {
    return answerTaskLog(runtime, exchange);
  }
  if (pathname.startsWith('/v1/')) return invalidUrl(method, pathname);
  return html(200, '<!doctype html><title>x</title>\n');
}

function answerModels(runtime: Runtime, exchange: Exchange): Answer {
  const plugins = runtime.generation === 'plugins' ? pluginModelIds() : [];
  const usual = json(200, modelList(plugins));
  const chosen = chooseFor('models', latestTexts(runtime, exchange));
  if (chosen === null) return usual;
  const { scenario, variant, value, times } = chosen;
  const nth = countUp(runtime, `models|${scenario.name}`);
  if (nth > times) return usual;
  const { origins } = runtime;
  return scenario.answer({ exchange, variant, value, nth, times, origins }) ?? usual;
}

function decodeId(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return text ?? '';
  }
}

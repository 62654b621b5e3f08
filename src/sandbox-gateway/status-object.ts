import { isRecord } from './create-request.ts';
import type { PollContext } from './scenarios/scenario.ts';
import { statusReply } from './status-reply.ts';

/** The part of a status body with status, progress and result: `data` in the envelope. */
export function statusObject(
  context: PollContext,
  body: Record<string, unknown>,
): Record<string, unknown> {
  const { data } = body;
  return context.route === 'generations' && isRecord(data) ? data : body;
}

/** The usual body with its status object changed. */
export function rewritten(
  context: PollContext,
  change: (status: Record<string, unknown>) => void,
): ReturnType<typeof statusReply> {
  const body = context.body();
  change(statusObject(context, body));
  return statusReply(body);
}

/** The word as the route writes it: upper case in the envelope. */
export function wordFor(context: PollContext, word: string): string {
  return context.route === 'generations' ? word.toUpperCase() : word;
}

/** Removes all result addresses from a status object, including the vendor's raw body. */
export function withoutUrls(status: Record<string, unknown>): Record<string, unknown> {
  for (const place of [
    'url',
    'video_url',
    'result_url',
    'metadata',
    'output',
    'content',
    'video',
  ]) {
    delete status[place];
  }
  if ('data' in status) status['data'] = {};
  return status;
}

/** Sets a value at a path such as `content.0.video_url.url`, making objects and lists on the way. */
export function setAt(target: Record<string, unknown>, path: string, value: unknown): void {
  const [head = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  if (/^\d+$/.test(rest[0] ?? '')) {
    const [, ...deeper] = rest;
    const inner: Record<string, unknown> = {};
    if (deeper.length > 0) setAt(inner, deeper.join('.'), value);
    target[head] = [deeper.length > 0 ? inner : value];
    return;
  }
  const next = target[head];
  const inner = isRecord(next) ? next : {};
  target[head] = inner;
  setAt(inner, rest.join('.'), value);
}

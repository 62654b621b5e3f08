import type { Context } from 'hono';
import type { StudioEnv } from '../ports.ts';
import { seeOther } from './form.ts';

/** A notice is of the action, not of the page: a bookmark or a later reload must not repeat it. */
const shownMs = 60_000;

/** Answers a form with the page that says what was done. @param path Without a query. */
export function seeDone(
  context: Context<StudioEnv>,
  path: string,
  { done, nowMs }: { done: string; nowMs: number },
): Response {
  const query = new URLSearchParams({ done, at: String(nowMs) });
  return seeOther(context, `${path}?${String(query)}`);
}

/** What an action did, by the address; undefined a minute later. */
export function doneOf(context: Context<StudioEnv>, nowMs: number): string | undefined {
  const { done, at = '' } = context.req.query();
  // Clocks of several servers may differ, in both directions.
  const isRecent = /^\d+$/.test(at) && Math.abs(nowMs - Number(at)) < shownMs;
  return isRecent ? done : undefined;
}

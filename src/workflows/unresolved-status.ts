import type { Reconciliation } from '../contract/activities.ts';
import type { ResolveSubmission, VideoStatus } from '../contract/messages.ts';
import type { UnknownSubmit } from './submit-outcome.ts';

export function unresolvedPatch({ failure, fromMs, toMs }: UnknownSubmit): Partial<VideoStatus> {
  return {
    phase: 'unresolved',
    billed: 'maybe',
    unresolved: { failure, since: iso(fromMs), until: iso(toMs), findings: [], candidates: [] },
  };
}

export function reconciledPatch(
  { unresolved }: VideoStatus,
  found: Reconciliation,
): Partial<VideoStatus> {
  const { findings, candidates, billed } = found;
  return {
    ...(billed && { billed }),
    ...(unresolved && { unresolved: { ...unresolved, findings, candidates } }),
  };
}

export function decidedPatch(
  { unresolved }: VideoStatus,
  decided: ResolveSubmission['action'],
): Partial<VideoStatus> {
  return unresolved ? { unresolved: { ...unresolved, decided } } : {};
}

/** Milliseconds since the epoch as ISO 8601. */
export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

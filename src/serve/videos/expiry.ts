import type { RetentionInput } from '../../contract/retention.ts';
import type { TenantVideo } from './video-object.ts';

/** How long a rule is kept, in milliseconds. */
const keptMs = 60_000;

/** The rule by which old videos are pruned; null if there is none, or it cannot be read. */
export type ReadRetention = () => Promise<RetentionInput | null>;

/** Reads the rule at most once a minute. A response does not fail because of it. */
export function createRetentionReader(read: ReadRetention, now: () => number): ReadRetention {
  let last: { rule: Promise<RetentionInput | null>; at: number } | undefined;
  return () => {
    if (!last || now() - last.at >= keptMs) last = { rule: read().catch(() => null), at: now() };
    return last.rule;
  };
}

/**
 * When the file of a video is pruned, in seconds since the epoch; null if never, or if it depends on a tag, which runs do
 * not tell.
 */
export function expiresAt(
  { status, completedAt }: Pick<TenantVideo, 'status' | 'completedAt'>,
  rule: RetentionInput | null,
): number | null {
  if (!rule || completedAt === null || rule.tag !== undefined) return null;
  if (rule.model !== undefined && rule.model !== status.model) return null;
  return completedAt + Math.floor(rule.olderThanMs / 1_000);
}

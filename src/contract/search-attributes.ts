import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The custom search attributes, all of type Keyword; they must be registered in the namespace. */
export const searchAttributeNames = [
  'VideoPhase',
  'VideoModel',
  'VideoJobId',
  'VideoBilled',
  'VideoUnresolvedFor',
] as const;

/**
 * The type of Temporal's keys, by a name that the types of this package may carry: Temporal does not export its own, and
 * what TypeScript would write in its place names a file that ES modules cannot resolve.
 */
type KeyOf<T extends SearchAttributeType> = ReturnType<typeof defineSearchAttributeKey<T>>;
type Keyword = KeyOf<typeof SearchAttributeType.KEYWORD>;

export const videoPhaseKey: Keyword = defineSearchAttributeKey(
  'VideoPhase',
  SearchAttributeType.KEYWORD,
);
export const videoModelKey: Keyword = defineSearchAttributeKey(
  'VideoModel',
  SearchAttributeType.KEYWORD,
);
export const videoJobIdKey: Keyword = defineSearchAttributeKey(
  'VideoJobId',
  SearchAttributeType.KEYWORD,
);
/** How long a submit has been unresolved: `0h`, `2h`, `1d`, …; absent when none is. */
export const videoUnresolvedForKey: Keyword = defineSearchAttributeKey(
  'VideoUnresolvedFor',
  SearchAttributeType.KEYWORD,
);
export const videoBilledKey: Keyword = defineSearchAttributeKey(
  'VideoBilled',
  SearchAttributeType.KEYWORD,
);
/** Set by Temporal itself on each firing of a schedule: the time that it was meant for. */
export const scheduledTimeKey: KeyOf<typeof SearchAttributeType.DATETIME> =
  defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

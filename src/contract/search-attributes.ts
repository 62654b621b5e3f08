import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The custom search attributes, all of type Keyword. They must be registered in the namespace. */
export const searchAttributeNames = [
  'VideoPhase',
  'VideoModel',
  'VideoJobId',
  'VideoBilled',
  'VideoUnresolvedFor',
] as const;

/**
 * The type of Temporal's keys. Temporal does not export it, and the inferred type would refer to a file that ES modules
 * cannot resolve.
 */
type KeyOf<T extends SearchAttributeType> = ReturnType<typeof defineSearchAttributeKey<T>>;
type Keyword = KeyOf<typeof SearchAttributeType.KEYWORD>;

/** Phase of the video, one of `videoPhases`. */
export const videoPhaseKey: Keyword = defineSearchAttributeKey(
  'VideoPhase',
  SearchAttributeType.KEYWORD,
);
/** Model id of the request. */
export const videoModelKey: Keyword = defineSearchAttributeKey(
  'VideoModel',
  SearchAttributeType.KEYWORD,
);
/** The gateway's job id, once known. */
export const videoJobIdKey: Keyword = defineSearchAttributeKey(
  'VideoJobId',
  SearchAttributeType.KEYWORD,
);
/** Time for which a submit has been unresolved: `0h`, `2h`, `1d`, …; absent if none is. */
export const videoUnresolvedForKey: Keyword = defineSearchAttributeKey(
  'VideoUnresolvedFor',
  SearchAttributeType.KEYWORD,
);
/** Billing status: `no`, `yes` or `maybe`. */
export const videoBilledKey: Keyword = defineSearchAttributeKey(
  'VideoBilled',
  SearchAttributeType.KEYWORD,
);
/** The scheduled time of a firing. Temporal sets it. */
export const scheduledTimeKey: KeyOf<typeof SearchAttributeType.DATETIME> =
  defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

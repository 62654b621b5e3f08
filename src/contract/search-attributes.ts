import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The custom search attributes, all of type Keyword; they must be registered in the namespace. */
export const searchAttributeNames = [
  'VideoPhase',
  'VideoModel',
  'VideoJobId',
  'VideoBilled',
  'VideoUnresolvedFor',
] as const;

export const videoPhaseKey = defineSearchAttributeKey('VideoPhase', SearchAttributeType.KEYWORD);
export const videoModelKey = defineSearchAttributeKey('VideoModel', SearchAttributeType.KEYWORD);
export const videoJobIdKey = defineSearchAttributeKey('VideoJobId', SearchAttributeType.KEYWORD);
/** How long a submit has been unresolved: `0h`, `2h`, `1d`, …; absent when none is. */
export const videoUnresolvedForKey = defineSearchAttributeKey(
  'VideoUnresolvedFor',
  SearchAttributeType.KEYWORD,
);
export const videoBilledKey = defineSearchAttributeKey('VideoBilled', SearchAttributeType.KEYWORD);
/** Set by Temporal itself on each firing of a schedule: the time that it was meant for. */
export const scheduledTimeKey = defineSearchAttributeKey(
  'TemporalScheduledStartTime',
  SearchAttributeType.DATETIME,
);

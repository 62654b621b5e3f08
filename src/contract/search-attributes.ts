import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The custom search attributes, all of type Keyword; they must be registered in the namespace. */
export const searchAttributeNames = [
  'VideoPhase',
  'VideoModel',
  'VideoJobId',
  'VideoBilled',
] as const;

export const videoPhaseKey = defineSearchAttributeKey('VideoPhase', SearchAttributeType.KEYWORD);
export const videoModelKey = defineSearchAttributeKey('VideoModel', SearchAttributeType.KEYWORD);
export const videoJobIdKey = defineSearchAttributeKey('VideoJobId', SearchAttributeType.KEYWORD);
export const videoBilledKey = defineSearchAttributeKey('VideoBilled', SearchAttributeType.KEYWORD);

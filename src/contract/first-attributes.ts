import { TypedSearchAttributes } from '@temporalio/common';
import type { VideoRequest } from './video-request.ts';
import { videoBilledKey, videoModelKey, videoPhaseKey } from './search-attributes.ts';

/** The names of models are shorter. A longer value would be refused together with the start. */
const maxModelLength = 100;

/**
 * The search attributes of a video that starts, which are what its workflow would write first. Attributes of a start
 * cost no action on Temporal Cloud and no event of history; a run that was started without them writes them itself.
 */
export function firstAttributes({ body: { model } }: VideoRequest): TypedSearchAttributes {
  if (model.length > maxModelLength) return new TypedSearchAttributes();
  return new TypedSearchAttributes([
    { key: videoPhaseKey, value: 'submitting' },
    { key: videoBilledKey, value: 'maybe' },
    { key: videoModelKey, value: model },
  ]);
}

import type {
  SubmittedVideo,
  SubmitVideoInput,
  VideoActivities,
} from '../../contract/activities.ts';
import { timingOf } from '../../contract/job-timing.ts';
import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import type { PollPlans } from '../watch/poll-plans.ts';

export interface ExpectTimeOptions {
  submitVideo: VideoActivities['submitVideo'];
  plans: Pick<PollPlans, 'expectedOf'>;
  host?: HostGeneration | undefined;
}

/** Adds to an accepted job how long it will take. The answer of the paid submit does not depend on it. */
export function withExpectedTime({
  submitVideo,
  plans,
  host,
}: ExpectTimeOptions): VideoActivities['submitVideo'] {
  return async (input) => {
    const submitted = await submitVideo(input);
    if (submitted.stored) return submitted;
    const told = await expect(input, { plans, host }).catch(() => ({}));
    return { ...submitted, ...told };
  };
}

async function expect(
  { request }: SubmitVideoInput,
  { plans, host }: Omit<ExpectTimeOptions, 'submitVideo'>,
): Promise<Pick<SubmittedVideo, 'timing' | 'expected'>> {
  const timing = timingOf(request, host);
  const expected = await plans.expectedOf({ model: request.body.model, ...timing });
  return { timing, ...(expected && { expected }) };
}

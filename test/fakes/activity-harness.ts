import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { type ActivityCancellationDetails, ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { SubmitFailure } from '../../src/contract/activities.ts';
import type { VideoFailure } from '../../src/contract/failure.ts';

/** The context of one attempt of one activity, silent and with its heartbeats recorded. */
export interface ActivityHarness {
  run<In, Out>(activity: (input: In) => Promise<Out>, input: In): Promise<Out>;
  /** Asks for cancellation, as the server does in its answer to a heartbeat; or stops it for another reason. */
  cancel(details?: ActivityCancellationDetails): void;
  heartbeats: unknown[];
}

export function activityHarness(info: Partial<Info> = {}, client?: Client): ActivityHarness {
  const environment = new MockActivityEnvironment(
    { startToCloseTimeoutMs: 180_000, ...info },
    { logger: new DefaultLogger('ERROR', () => {}), ...(client && { client }) },
  );
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  return {
    run: (activity, input) => environment.run(activity, input),
    cancel: (details) => environment.cancel(details && 'WORKER_SHUTDOWN', details),
    heartbeats,
  };
}

/** The ApplicationFailure that a promise ends with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<ApplicationFailure> {
  const outcome = await promise.then(
    (value: unknown) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof ApplicationFailure) return outcome.error;
  throw new Error('Expected an ApplicationFailure', { cause: outcome });
}

/** `details[0]` of a failure of ours. */
export function detailsOf(failure: ApplicationFailure): SubmitFailure & VideoFailure {
  return failure.details?.[0] as SubmitFailure;
}

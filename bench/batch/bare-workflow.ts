import { proxyActivities } from '@temporalio/workflow';

export interface BareActivities {
  first(): Promise<void>;
  second(): Promise<void>;
  third(): Promise<void>;
}

/** The minimal cost of three durable steps. */
export async function bareWorkflow(): Promise<void> {
  const { first, second, third } = proxyActivities<BareActivities>({ startToCloseTimeout: '1m' });
  await first();
  await second();
  await third();
}

export { timerLoopWorkflow } from '../peers/timer-loop.ts';

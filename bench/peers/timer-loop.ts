import { proxyActivities, sleep } from '@temporalio/workflow';

interface Steps {
  first(): Promise<void>;
  second(): Promise<void>;
  third(): Promise<void>;
}

/**
 * A video as samples of Temporal poll a job: an activity, then a timer, in turn. Its activities do nothing, so this is
 * what the loop itself costs.
 */
export async function timerLoopWorkflow(polls: number, intervalMs: number): Promise<void> {
  const { first, second, third } = proxyActivities<Steps>({ startToCloseTimeout: '1m' });
  await first();
  for (let poll = 1; poll <= polls; poll += 1) {
    await sleep(intervalMs);
    await second();
  }
  await third();
}

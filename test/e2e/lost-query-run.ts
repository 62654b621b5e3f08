import {
  condition,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';

interface Activities {
  completedElsewhere(): Promise<void>;
  afterCompletion(): Promise<void>;
  afterSignal(): Promise<void>;
}

const activities = proxyActivities<Activities>({ startToCloseTimeout: '10m' });

/** The smallest run whose commands depend on which events arrive together; it contains no code of ours. */
export async function lostQueryRun(): Promise<void> {
  let told = false;
  setHandler(defineSignal('tell'), () => {
    told = true;
  });
  setHandler(defineQuery<boolean>('told'), () => told);
  void condition(() => told).then(() => activities.afterSignal());
  await activities.completedElsewhere();
  await someMicrotasks();
  await activities.afterCompletion();
  await condition(() => false);
}

/** As many as any code of some depth has: longer than the way from the signal to its command. */
async function someMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

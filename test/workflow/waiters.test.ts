import { WorkflowFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { messageNames, type LeaveVideo, type StillWaiting } from '../../src/contract/messages.ts';
import type { Waiter } from '../../src/contract/waiter.ts';
import {
  accepted,
  fakeActivities,
  input,
  minuteMs,
  onePerFile,
  pending,
  start,
  startTestBed,
  untilStatus,
} from './harness.ts';

const bed = onePerFile(startTestBed);

type Run = Awaited<ReturnType<typeof start>>;

const join = (run: Run, waiterId: string) =>
  run.signal<[Waiter]>(messageNames.joinVideo, { waiterId });
const leave = (run: Run, leaving: LeaveVideo) =>
  run.executeUpdate<StillWaiting, [LeaveVideo]>(messageNames.leaveVideo, { args: [leaving] });

/** The first submit ends when it is opened, the poll of the first job never; the next run finds the job in its claim. */
function slowSubmit() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const activities = fakeActivities(() => bed.env.currentTimeMs(), {
    submit: async (_, count) => {
      if (count === 1) await opened;
      return accepted('task_1', await bed.env.currentTimeMs());
    },
  });
  return { activities, open };
}

async function untilSubmitted(activities: ReturnType<typeof slowSubmit>['activities'], run: Run) {
  await untilStatus(run, () => activities.submits.length === 1);
}

test('the last waiter who leaves stops the run in the same workflow task', async () => {
  const poll = () => Promise.reject(pending(10 * minuteMs));
  const activities = fakeActivities(() => bed.env.currentTimeMs(), { poll });
  await bed.with(activities, async () => {
    const run = await start(bed.env, { ...input, waiterId: 'anna' });
    await untilStatus(run, ({ phase }) => phase === 'queued');
    await join(run, 'ben');
    const first = await leave(run, { waiterId: 'anna', cancelIf: 'last' });
    expect(first).toEqual({ wasWaiting: true, others: 1 });
    const stranger = await leave(run, { waiterId: 'carl', cancelIf: 'last' });
    expect(stranger).toEqual({ wasWaiting: false, others: 1 });
    const last = await leave(run, { waiterId: 'ben', cancelIf: 'last' });
    expect(last).toEqual({ wasWaiting: true, others: 0, cancelling: true });
    await expect(run.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect((await run.describe()).status.name).toBe('CANCELLED');
  });
});

test('a waiter who joins late and leaves again is not waited for', async () => {
  const { activities, open } = slowSubmit();
  await bed.with(activities, async () => {
    const run = await start(bed.env, { ...input, waiterId: 'anna' });
    await untilSubmitted(activities, run);
    await run.cancel();
    await join(run, 'ben');
    await leave(run, { waiterId: 'ben', cancelIf: 'last' });
    open();
    await expect(run.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect((await run.describe()).status.name).toBe('CANCELLED');
    expect(activities.submits).toHaveLength(1);
  });
});

test('waiters of callers from before 1.0, which sent "asker", join and leave in the same way', async () => {
  const poll = () => Promise.reject(pending(10 * minuteMs));
  const activities = fakeActivities(() => bed.env.currentTimeMs(), { poll });
  await bed.with(activities, async () => {
    const run = await start(bed.env, { ...input, asker: 'anna' });
    await untilStatus(run, ({ phase }) => phase === 'queued');
    await run.signal<[Waiter]>(messageNames.joinVideo, { asker: 'ben' });
    const first = await leave(run, { waiterId: 'anna', cancelIf: 'last' });
    expect(first).toEqual({ wasWaiting: true, others: 1 });
    const last = await leave(run, { asker: 'ben', cancelIf: 'last' });
    expect(last).toEqual({ wasWaiting: true, others: 0, cancelling: true });
    await expect(run.result()).rejects.toBeInstanceOf(WorkflowFailedError);
  });
});

test('a run that a worker from before 1.0 continued has the waiters that this worker wrote', async () => {
  const poll = () => Promise.reject(pending(10 * minuteMs));
  const activities = fakeActivities(() => bed.env.currentTimeMs(), { poll });
  await bed.with(activities, async () => {
    // Such a worker writes the former names only, and hands on what it does not know: anna and dora have left.
    const waiters = { asker: 'ben', askers: ['cleo'], waiterId: 'anna', waiterIds: ['dora'] };
    const run = await start(bed.env, { ...input, ...waiters });
    await untilStatus(run, ({ phase }) => phase === 'queued');
    const first = await leave(run, { waiterId: 'ben', cancelIf: 'last' });
    expect(first).toEqual({ wasWaiting: true, others: 1 });
    const last = await leave(run, { waiterId: 'cleo', cancelIf: 'last' });
    expect(last).toEqual({ wasWaiting: true, others: 0, cancelling: true });
    await expect(run.result()).rejects.toBeInstanceOf(WorkflowFailedError);
  });
});

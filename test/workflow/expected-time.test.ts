import { describe, expect, test } from 'vitest';
import type { SubmittedVideo } from '../../src/contract/activities.ts';
import type { VideoStatus } from '../../src/contract/messages.ts';
import {
  accepted,
  fakeActivities,
  input,
  onePerFile,
  start,
  startTestBed,
  type Script,
} from './harness.ts';

const bed = onePerFile(startTestBed);
const now = () => bed.env.currentTimeMs();
const timing = { seconds: 5, resolution: '720p' };
const told: Partial<SubmittedVideo> = {
  timing,
  expected: { typicalMs: 100_000, fromMs: 80_000, toMs: 150_000 },
};

/** A video with the given answers, and its status at its end. */
async function play(submit: Script['submit'], poll: Script['poll'], more: object = {}) {
  const activities = fakeActivities(now, { ...(submit && { submit }), ...(poll && { poll }) });
  const status = await bed.with(activities, async () => {
    const handle = await start(bed.env, { ...input, ...more });
    const result = await handle.result();
    return { result, last: await handle.query<VideoStatus>('videoStatus') };
  });
  return { activities, ...status };
}

describe('a video with an expected time', () => {
  test('has it in its status, fixed from the submit, and its job is learned from', async () => {
    let submittedAt = 0;
    const submit: Script['submit'] = async () => {
      submittedAt = await now();
      return { ...accepted('task_1', submittedAt), ...told };
    };
    const poll: Script['poll'] = async () => ({
      state: 'succeeded',
      jobMs: 90_000,
      askedAt: await now(),
    });
    const { activities, last } = await play(submit, poll);
    const at = (ms: number) => new Date(submittedAt + ms).toISOString();
    expect(last.expected).toEqual({ at: at(100_000), from: at(80_000), to: at(150_000) });
    expect(activities.polls[0]).toMatchObject({ timing });
    expect(activities.deliveries[0]).toMatchObject({ timing, jobMs: 90_000 });
  });

  test('that a claim names keeps it, and its job is not learned from', async () => {
    const submit: Script['submit'] = async () => ({
      ...accepted('task_1', await now()),
      ...told,
      foundInClaim: true,
    });
    const poll: Script['poll'] = async () => ({
      state: 'succeeded',
      jobMs: 90_000,
      askedAt: await now(),
    });
    const { activities, last } = await play(submit, poll);
    expect(last.expected).toBeDefined();
    expect(activities.polls[0]).toMatchObject({ timing });
    expect(activities.deliveries[0]).not.toHaveProperty('timing');
    expect(activities.deliveries[0]).not.toHaveProperty('jobMs');
  });

  test('loses it when it is submitted again, until the next job is accepted', async () => {
    const submit: Script['submit'] = async (_, count) => ({
      ...accepted(`task_${count}`, await now()),
      ...(count === 1 && told),
    });
    const failure = { kind: 'task_failed', about: 'moderation', message: 'no', billed: 'no' };
    const poll: Script['poll'] = async (_, count) => {
      const askedAt = await now();
      return count === 1
        ? ({ state: 'failed', failure, askedAt } as Awaited<
            ReturnType<NonNullable<Script['poll']>>
          >)
        : { state: 'succeeded', askedAt };
    };
    const { last } = await play(submit, poll, { retakes: { kinds: ['moderation'], max: 1 } });
    expect(last).toMatchObject({ phase: 'stored', jobId: 'task_2' });
    expect(last).not.toHaveProperty('expected');
  });
});

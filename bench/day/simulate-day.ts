import { expectedTime, type ExpectedTime } from '../../src/contract/expected-time.ts';
import { pollDelay, type PollPlan, type PollScheduleName } from '../../src/contract/poll-delay.ts';
import { leastSamples, planPolls } from '../../src/contract/poll-plan.ts';
import { seededRandom, simulatedModels, type Random, type SimulatedModel } from './models.ts';

const dayMs = 24 * 3_600_000;
/** As in `job-timings.ts`. */
const maxSamples = 50;
/** What an exchange with the gateway takes. */
const exchangeMs = 200;
/** From the poll that sees the end to the record of the duration: the download, and the memory of other workers. */
const learnedAfterMs = 60_000;
/** The gateway's times are whole seconds. */
const secondMs = 1_000;

/** One video of the day. */
export interface SimulatedVideo {
  model: string;
  durationMs: number;
  polls: number;
  lateMs: number;
  /** Absent if nothing was known when the job was accepted. */
  expected?: ExpectedTime;
}

/** Jobs of a day, submitted at random times, polled on a schedule that knows nothing in the morning. No I/O. */
export function simulateDay(schedule: PollScheduleName, seed = 1): SimulatedVideo[] {
  return simulatedModels.flatMap((model, index) =>
    simulateModel(model, { schedule, random: seededRandom(seed * 1_000 + index) }),
  );
}

interface Job {
  submittedAt: number;
  durationMs: number;
}

function simulateModel(
  model: SimulatedModel,
  { schedule, random }: { schedule: PollScheduleName; random: Random },
): SimulatedVideo[] {
  const jobs = Array.from({ length: model.jobs }, () => {
    const day = random.uniform();
    return { submittedAt: day * dayMs, durationMs: Math.round(model.duration(random, day)) };
  }).toSorted((one, other) => one.submittedAt - other.submittedAt);
  const knowledge = createKnowledge();
  return jobs.map((job) => {
    const { durations, plan } = knowledge.at(job.submittedAt);
    const expected = expectedTime(durations);
    // A poll uses what is known by then; within one job that is nearly what was known at its submit.
    const watched = watch(job, { schedule, plan, random });
    knowledge.learn(job, job.submittedAt + job.durationMs + watched.lateMs + learnedAfterMs);
    return {
      model: model.name,
      durationMs: job.durationMs,
      ...watched,
      ...(expected && { expected }),
    };
  });
}

/** Polls one job until a poll finds it completed. */
function watch(
  { durationMs }: Job,
  {
    schedule,
    plan,
    random,
  }: { schedule: PollScheduleName; plan: PollPlan | undefined; random: Random },
): Pick<SimulatedVideo, 'polls' | 'lateMs'> {
  let atMs = 0;
  let polls = 0;
  for (;;) {
    atMs += pollDelay({ schedule, sinceSubmitMs: atMs, jitter: random.uniform(), plan });
    polls += 1;
    if (atMs >= durationMs) return { polls, lateMs: atMs - durationMs };
    atMs += exchangeMs;
  }
}

/** The last durations of a model that were recorded before a moment. */
function createKnowledge() {
  const recorded: { atMs: number; ms: number }[] = [];
  return {
    learn: ({ durationMs }: Job, atMs: number) => {
      recorded.push({ atMs, ms: Math.ceil(durationMs / secondMs) * secondMs });
    },
    at: (nowMs: number): { durations: readonly number[]; plan?: PollPlan | undefined } => {
      const last = recorded.filter(({ atMs }) => atMs <= nowMs).slice(-maxSamples);
      if (last.length < leastSamples) return { durations: [] };
      const durations = last.map(({ ms }) => ms).toSorted((a, b) => a - b);
      return { durations, plan: planPolls(durations) };
    },
  };
}

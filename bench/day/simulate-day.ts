import { jobDuration } from '../../src/activities/watch/job-duration.ts';
import { startPollClock, type PollClock } from '../../src/activities/watch/poll-clock.ts';
import type { ExpectedTime } from '../../src/contract/expected-time.ts';
import { gatewayBeatMs, type PollScheduleName } from '../../src/contract/poll-delay.ts';
import type { JobProgress } from '../../src/contract/video-job.ts';
import { createEventLoop, type EventLoop } from './event-loop.ts';
import { seededRandom, simulatedModels, type Random, type SimulatedModel } from './models.ts';
import { createWorkers, type SimulatedWorker } from './workers.ts';

const dayMs = 24 * 3_600_000;
/** What an exchange with the gateway takes. */
const exchangeMs = 200;
/** From the poll that sees the end to the record of the duration: the download. */
const learnedAfterMs = 20_000;
/** The gateway reads its vendors every beat, and takes this long for all of its open jobs. */
const sweepMs = 2_000;
const secondMs = 1_000;
/** Share of jobs that fail, at any time before they would have completed. */
const failing = 0.05;

/** One video of the day. */
export interface SimulatedVideo {
  model: string;
  hasFailed: boolean;
  /** From the submit to the end at the gateway. */
  durationMs: number;
  polls: number;
  lateMs: number;
  /** Absent if nothing was known when the job was accepted. */
  expected?: ExpectedTime;
}

/**
 * Jobs of a day, submitted at random times, polled by two workers on a schedule that knows nothing in the morning. No
 * I/O and no events: the poll clock, the plans and the durations that are learned are those of the worker.
 */
export async function simulateDay(schedule: PollScheduleName, seed = 1): Promise<SimulatedVideo[]> {
  const videos: SimulatedVideo[] = [];
  for (const [index, model] of simulatedModels.entries()) {
    const random = seededRandom(seed * 1_000 + index);
    videos.push(...(await simulateModel(model, { schedule, random })));
  }
  return videos;
}

interface Job {
  model: SimulatedModel;
  submittedAt: number;
  endsAt: number;
  hasFailed: boolean;
}

interface Day {
  schedule: PollScheduleName;
  random: Random;
  loop: EventLoop;
  workers: readonly SimulatedWorker[];
}

async function simulateModel(
  model: SimulatedModel,
  { schedule, random }: { schedule: PollScheduleName; random: Random },
): Promise<SimulatedVideo[]> {
  const jobs = Array.from({ length: model.jobs }, () => jobOf(model, random)).toSorted(
    (one, other) => one.submittedAt - other.submittedAt,
  );
  const loop = createEventLoop();
  const day = { schedule, random, loop, workers: createWorkers(loop.now) };
  const videos = new Map<Job, SimulatedVideo>();
  for (const job of jobs) {
    loop.at(job.submittedAt, () => submit(day, job, (video) => videos.set(job, video)));
  }
  await loop.run();
  return jobs.flatMap((job) => videos.get(job) ?? []);
}

function jobOf(model: SimulatedModel, random: Random): Job {
  const day = random.uniform();
  const submittedAt = Math.round(day * dayMs);
  const atVendorMs = model.duration(random, day);
  const hasFailed = random.uniform() < failing;
  const doneAt = submittedAt + atVendorMs * (hasFailed ? random.uniform() : 1);
  const sweptAt = Math.ceil(doneAt / gatewayBeatMs) * gatewayBeatMs;
  return {
    model,
    submittedAt,
    endsAt: Math.round(sweptAt + sweepMs * random.uniform()),
    hasFailed,
  };
}

async function submit(day: Day, job: Job, onEnd: (video: SimulatedVideo) => void): Promise<void> {
  const { submittedAt, endsAt, hasFailed, model } = job;
  const worker = anyOf(day);
  const expected = await worker.plans.expectedOf({ model: model.name });
  const clock = await startClock(day, worker, { job });
  const watching = { job, polls: 0 };
  const end = (lateMs: number, polls: number) =>
    onEnd({
      model: model.name,
      hasFailed,
      durationMs: endsAt - submittedAt,
      polls,
      lateMs,
      ...(expected && { expected }),
    });
  day.loop.at(submittedAt + clock.dueInMs(submittedAt), () => poll(day, watching, end));
}

interface Watching {
  job: Job;
  polls: number;
  /** The first poll finds the job running. */
  seen?: JobProgress;
}

async function poll(
  day: Day,
  { job, polls, seen }: Watching,
  onEnd: (lateMs: number, polls: number) => void,
): Promise<void> {
  const { loop } = day;
  const worker = anyOf(day);
  const atMs = loop.now();
  const askedAt = atMs + exchangeMs;
  if (atMs < job.endsAt) {
    const clock = await startClock(day, worker, { job, seen });
    const next = { job, polls: polls + 1, seen: seen ?? { state: 'running', askedAt } } as const;
    loop.at(askedAt + clock.after(askedAt), () => poll(day, next, onEnd));
    return;
  }
  onEnd(atMs - job.endsAt, polls + 1);
  const jobMs = durationOf(job, { askedAt, openAt: seen?.askedAt });
  if (jobMs === undefined) return;
  loop.at(askedAt + learnedAfterMs, () => worker.timings.record({ model: job.model.name }, jobMs));
}

/** The gateway's times are whole seconds. */
function durationOf(
  { model, submittedAt, endsAt, hasFailed }: Job,
  seen: { askedAt: number; openAt: number | undefined },
): number | undefined {
  const whole = (ms: number) => Math.floor(ms / secondMs) * secondMs;
  const status = {
    state: hasFailed ? 'failed' : 'succeeded',
    noNews: false,
    reasonMissing: false,
    resultUrls: [],
    createdAt: whole(submittedAt + exchangeMs),
    ...(!model.isUntimed && { completedAt: whole(endsAt) }),
  } as const;
  return jobDuration({ ...status, resultUrls: [] }, { submittedAt, ...seen });
}

function startClock(
  { schedule, random }: Day,
  { plans }: SimulatedWorker,
  { job, seen }: { job: Job; seen?: JobProgress | undefined },
): Promise<PollClock> {
  return startPollClock(
    { schedule, plans, speed: 1, jitter: random.uniform() },
    {
      job: { format: 'generations', jobId: 'task_1' },
      submittedAt: job.submittedAt,
      model: job.model.name,
      timing: {},
      ...(seen && { seen }),
    },
  );
}

function anyOf({ workers, random }: Day): SimulatedWorker {
  const worker = workers[Math.floor(random.uniform() * workers.length)];
  if (!worker) throw new RangeError('There is no worker');
  return worker;
}

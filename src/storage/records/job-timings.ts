import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TimedJob } from '../../contract/job-timing.ts';
import { leastSamples } from '../../contract/poll-plan.ts';
import type { VideoStorage } from '../video-storage.ts';

/** 60 cells of 50 samples, at about 25 bytes each. */
const maxBytes = 200_000;
const maxCells = 60;
const maxSamples = 50;
/** Polls of this long do without a read of the storage. */
const rememberedMs = 60_000;
/** Models in memory. A worker of one account uses a few. */
const maxModels = 200;
/** A model that was not used for longer may have changed. */
const maxAgeMs = 14 * 24 * 3_600_000;
const prefix = 'timings/';

/** When the job ended (milliseconds since the epoch), and how long it took at the gateway (milliseconds). */
const sampleSchema = z.tuple([z.number(), z.number().positive()]);
type Sample = z.infer<typeof sampleSchema>;
const cellSchema = z.object({
  seconds: z.number().exactOptional(),
  resolution: z.string().exactOptional(),
  // One bad sample does not cost the others.
  samples: z.array(z.unknown()).transform((all) => all.flatMap(readSample)),
});
const timingsSchema = z.object({ model: z.string(), cells: z.array(cellSchema) });
type Cell = z.infer<typeof cellSchema>;

function readSample(value: unknown): Sample[] {
  const { data } = sampleSchema.safeParse(value);
  return data ? [data] : [];
}

/** How long similar jobs took. */
export interface KnownDurations {
  /** Ascending; empty if fewer than five are known, or if the storage cannot be read. */
  durationsMs: readonly number[];
  /** All of them are of the requested length. */
  sameLength: boolean;
}

/** How long jobs of an account took: one small object per model, with the last 50 jobs per length and resolution. */
export interface JobTimings {
  /**
   * Durations of similar jobs of the last 14 days: of the same length and resolution, else of the same length, else of the
   * model. The same object, while nothing has changed.
   */
  known(job: TimedJob): Promise<KnownDurations>;
  /**
   * Adds a duration; one that is not positive is left out. Of two workers that write at the same time, one loses its
   * sample; within a worker, none does, and jobs that end together are written together.
   *
   * @throws {StorageError}
   */
  record(job: TimedJob, durationMs: number): Promise<void>;
}

/** @param account Workflow id of the admission of the account. */
export function createJobTimings({
  storage,
  account,
  now = Date.now,
}: {
  storage: Pick<VideoStorage, 'readSmall' | 'writeSmall'>;
  account: string;
  now?: () => number;
}): JobTimings {
  const keyOf = (model: string) =>
    `${account.replace(/^admission\//, prefix)}/${digestOf(model)}.json`;
  const read = async (model: string) => readCells(await storage.readSmall(keyOf(model), maxBytes));
  const { recall, remember } = createMemory({ read, now });
  const write = async (model: string, added: readonly Ended[]) => {
    let cells = await read(model);
    for (const one of added) cells = withSample(cells, one);
    const text = `${JSON.stringify({ model, cells })}\n`;
    await storage.writeSmall(keyOf(model), Buffer.from(text));
    remember(model, Promise.resolve(cells));
  };
  const { add } = createTurns(write);
  return {
    known: async (job) => {
      const { cells, found } = recall(job.model);
      const name = JSON.stringify([job.seconds, job.resolution]);
      const durations = found.get(name) ?? similar(await cells, job, now() - maxAgeMs);
      found.set(name, durations);
      return durations;
    },
    record: async (job, durationMs) => {
      const { data } = sampleSchema.safeParse([now(), Math.round(durationMs)]);
      if (data) await add(job.model, { job, sample: data });
    },
  };
}

/** Removes what was learned of models, and with API keys, that are no longer used. */
export async function removeOldTimings(
  {
    storage,
    now = Date.now,
  }: { storage: Pick<VideoStorage, 'list' | 'remove'>; now?: () => number },
  onProgress: () => void = () => {},
): Promise<void> {
  for await (const { key, modifiedAt } of storage.list(prefix)) {
    if (modifiedAt < now() - maxAgeMs) await storage.remove(key);
    onProgress();
  }
}

interface Ended {
  job: TimedJob;
  sample: Sample;
}

/** One write per model at a time; what comes meanwhile is in the next one. */
function createTurns(write: (model: string, added: readonly Ended[]) => Promise<void>) {
  const turns = new Map<string, { next: Ended[]; last: Promise<void> }>();
  const add = (model: string, one: Ended): Promise<void> => {
    const turn = turns.get(model);
    if (turn && turn.next.length > 0) {
      turn.next.push(one);
      return turn.last;
    }
    const next = [one];
    const last = (turn?.last ?? Promise.resolve())
      .catch(() => {})
      .then(() => write(model, next.splice(0)));
    turns.set(model, { next, last });
    return last;
  };
  return { add };
}

interface Remembered {
  readAt: number;
  cells: Promise<Cell[]>;
  /** Answers, by length and resolution. */
  found: Map<string, KnownDurations>;
}

/** What was read or written last, by model. */
function createMemory({
  read,
  now,
}: {
  read: (model: string) => Promise<Cell[]>;
  now: () => number;
}) {
  const memory = new Map<string, Remembered>();
  const remember = (model: string, cells: Promise<Cell[]>): Remembered => {
    const entry = { readAt: now(), cells, found: new Map<string, KnownDurations>() };
    memory.delete(model);
    memory.set(model, entry);
    const [oldest] = memory.keys();
    if (memory.size > maxModels && oldest !== undefined) memory.delete(oldest);
    return entry;
  };
  const recall = (model: string): Remembered => {
    const last = memory.get(model);
    if (!last) {
      return remember(
        model,
        read(model).catch(() => []),
      );
    }
    if (now() - last.readAt >= rememberedMs) {
      // What was known stays in use meanwhile, and while the storage cannot be read.
      last.readAt = now();
      void read(model)
        .then((cells) => {
          if (memory.get(model) === last) remember(model, Promise.resolve(cells));
        })
        .catch(() => {});
    }
    return last;
  };
  return { recall, remember };
}

function readCells(bytes: Uint8Array | null): Cell[] {
  if (!bytes) return [];
  try {
    return (
      timingsSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data?.cells ?? []
    );
  } catch {
    return [];
  }
}

function similar(
  cells: readonly Cell[],
  { seconds, resolution }: TimedJob,
  sinceMs: number,
): KnownDurations {
  const ofLength = cells.filter((cell) => cell.seconds === seconds);
  const exact = ofLength.filter((cell) => cell.resolution === resolution);
  for (const wider of [exact, ofLength, cells]) {
    const newest = wider
      .flatMap(({ samples }) => samples)
      .filter(([endedAt]) => endedAt >= sinceMs)
      .toSorted(([one], [other]) => other - one)
      .slice(0, maxSamples);
    if (newest.length < leastSamples) continue;
    const durationsMs = newest.map(([, ms]) => ms).toSorted((a, b) => a - b);
    return { durationsMs, sameLength: wider !== cells };
  }
  return { durationsMs: [], sameLength: false };
}

/** The cell that was used last is the last one. The ones that were not used for longest are dropped. */
function withSample(cells: readonly Cell[], { job, sample }: Ended): Cell[] {
  const { seconds, resolution } = job;
  const isThis = (cell: Cell) => cell.seconds === seconds && cell.resolution === resolution;
  const samples = cells.find(isThis)?.samples ?? [];
  const cell: Cell = {
    ...(seconds !== undefined && { seconds }),
    ...(resolution !== undefined && { resolution }),
    samples: [...samples, sample].slice(-maxSamples),
  };
  return [...cells.filter((each) => !isThis(each)), cell].slice(-maxCells);
}

/** Model names may contain slashes. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

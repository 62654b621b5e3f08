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

/** When the job ended (milliseconds since the epoch), and how long it took at the gateway (milliseconds). */
const sample = z.tuple([z.number(), z.number().nonnegative()]);
const cellSchema = z.object({
  seconds: z.number().exactOptional(),
  resolution: z.string().exactOptional(),
  samples: z.array(sample),
});
const timingsSchema = z.object({ model: z.string(), cells: z.array(cellSchema) });
type Cell = z.infer<typeof cellSchema>;

/** How long jobs of an account took: one small object per model, with the last 50 jobs per length and resolution. */
export interface JobTimings {
  /**
   * Durations of similar jobs in milliseconds, ascending: of the same length and resolution, else of the same length,
   * else of the model. Empty if fewer than five are known, or if the storage cannot be read. The same array, while
   * nothing has changed.
   */
  known(job: TimedJob): Promise<readonly number[]>;
  /**
   * Adds a duration. Of two workers that write at the same time, one loses its sample; within a worker, none does.
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
    `${account.replace(/^admission\//, 'timings/')}/${digestOf(model)}.json`;
  const read = async (model: string) => readCells(await storage.readSmall(keyOf(model), maxBytes));
  const { recall, remember } = createMemory({ read, now });
  const inTurn = createTurns();
  return {
    known: async (job) => {
      const { cells, found } = recall(job.model);
      const name = JSON.stringify([job.seconds, job.resolution]);
      const durations = found.get(name) ?? similar(await cells, job);
      found.set(name, durations);
      return durations;
    },
    record: (job, durationMs) => {
      const { model } = job;
      const endedAt = now();
      return inTurn(async () => {
        const cells = withSample(await read(model), job, [endedAt, Math.round(durationMs)]);
        const text = `${JSON.stringify({ model, cells })}\n`;
        await storage.writeSmall(keyOf(model), Buffer.from(text));
        remember(model, Promise.resolve(cells));
      });
    },
  };
}

/** Jobs of a batch end together. Runs what it is given one after the other. */
function createTurns(): (run: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (run) => {
    const turn = last.then(run);
    last = turn.catch(() => {});
    return turn;
  };
}

interface Remembered {
  readAt: number;
  cells: Promise<Cell[]>;
  /** Answers, by length and resolution. */
  found: Map<string, readonly number[]>;
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
    const entry = { readAt: now(), cells, found: new Map<string, readonly number[]>() };
    memory.delete(model);
    memory.set(model, entry);
    const [oldest] = memory.keys();
    if (memory.size > maxModels && oldest !== undefined) memory.delete(oldest);
    return entry;
  };
  const recall = (model: string): Remembered => {
    const last = memory.get(model);
    if (last && now() - last.readAt < rememberedMs) return last;
    // What was known stays in use while the storage cannot be read.
    return remember(
      model,
      read(model).catch(() => last?.cells ?? []),
    );
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

function similar(cells: readonly Cell[], { seconds, resolution }: TimedJob): readonly number[] {
  const ofLength = cells.filter((cell) => cell.seconds === seconds);
  const exact = ofLength.filter((cell) => cell.resolution === resolution);
  for (const wider of [exact, ofLength, cells]) {
    const newest = wider
      .flatMap(({ samples }) => samples)
      .toSorted(([one], [other]) => other - one)
      .slice(0, maxSamples);
    if (newest.length >= leastSamples) return newest.map(([, ms]) => ms).toSorted((a, b) => a - b);
  }
  return [];
}

/** The cell that was used last is the last one. The ones that were not used for longest are dropped. */
function withSample(
  cells: readonly Cell[],
  { seconds, resolution }: TimedJob,
  added: z.infer<typeof sample>,
): Cell[] {
  const isThis = (cell: Cell) => cell.seconds === seconds && cell.resolution === resolution;
  const samples = cells.find(isThis)?.samples ?? [];
  const cell: Cell = {
    ...(seconds !== undefined && { seconds }),
    ...(resolution !== undefined && { resolution }),
    samples: [...samples, added].slice(-maxSamples),
  };
  return [...cells.filter((each) => !isThis(each)), cell].slice(-maxCells);
}

/** Model names may contain slashes. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

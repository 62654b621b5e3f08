import { z } from 'zod';
import type { JobProgress } from '../../contract/video-job.ts';

const pollMemorySchema = z.object({
  notFoundInARow: z.number(),
  unreachableInARow: z.number(),
  /** The word `unknown`, or no status word at all. */
  unknownInARow: z.number(),
  /** For whatever reason. Older workers do not count it. */
  failedInARow: z.number().default(0),
  /** The job failed, and its refund is to be read once more. */
  refundAwaited: z.literal(true).exactOptional(),
});

/** What one attempt leaves for the next, as the details of its heartbeat. */
export type PollMemory = z.infer<typeof pollMemorySchema>;

export const noMemory: PollMemory = {
  notFoundInARow: 0,
  unreachableInARow: 0,
  unknownInARow: 0,
  failedInARow: 0,
};

/** Heartbeat details are untyped and may stem from an older worker. The first attempt remembers what was returned. */
export function readMemory(details: unknown, seen?: JobProgress): PollMemory {
  const parsed = pollMemorySchema.safeParse(details);
  return parsed.success ? parsed.data : { ...noMemory, failedInARow: seen?.failing?.inARow ?? 0 };
}

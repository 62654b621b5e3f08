import { z } from 'zod';
import type { JobProgress } from '../../contract/video-job.ts';

const pollMemorySchema = z.object({
  notFoundInARow: z.number(),
  unreachableInARow: z.number(),
  /** Polls in a row that returned the word `unknown` or no status word at all. */
  unknownInARow: z.number(),
  /** Polls in a row that failed for any reason. Older workers do not count them. */
  failedInARow: z.number().default(0),
  /** When the job was first seen failed without its refund, which is read again a beat later. */
  refundAwaitedAt: z.number().exactOptional(),
  /** The same from older workers: they had waited. */
  refundAwaited: z.literal(true).exactOptional(),
});

/** What one attempt passes to the next one in the details of its heartbeat. */
export type PollMemory = z.infer<typeof pollMemorySchema>;

export const noMemory: PollMemory = {
  notFoundInARow: 0,
  unreachableInARow: 0,
  unknownInARow: 0,
  failedInARow: 0,
};

/**
 * Heartbeat details are untyped and may come from an older worker. The first attempt starts from the last returned
 * progress.
 */
export function readMemory(details: unknown, seen?: JobProgress): PollMemory {
  const parsed = pollMemorySchema.safeParse(details);
  return parsed.success ? parsed.data : { ...noMemory, failedInARow: seen?.failing?.inARow ?? 0 };
}

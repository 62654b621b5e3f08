import { z } from 'zod';

const name = z.string().min(1).max(64);
const amount = z.number().nonnegative();

const capsSchema = z.object({
  videos: amount.exactOptional(),
  seconds: amount.exactOptional(),
  money: amount.exactOptional(),
});

/** Checks `VideoLabels`. At the edges only: the isolate carries no zod. */
export const videoLabelsSchema = z.object({
  tags: z.array(name).max(10, 'a video has at most 10 tags').exactOptional(),
  priority: z.enum(['interactive', 'batch']).exactOptional(),
  batch: z
    .object({ name: z.string().min(1), runId: z.string().min(1), caps: capsSchema.exactOptional() })
    .exactOptional(),
});

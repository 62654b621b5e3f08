import { z } from 'zod';
import type { StagedSource } from './video-storage.ts';

/** Validates only the shape of a note. Its content is verified against the stored bytes. */
export const stagedSourceSchema: z.ZodType<StagedSource> = z.object({
  jobId: z.string(),
  validator: z.string(),
  totalBytes: z.number().int().nonnegative().exactOptional(),
});

/** Parses a stored note. Null if it is missing or invalid. */
export function parseNote<T>(schema: z.ZodType<T>, bytes: Uint8Array | null): T | null {
  if (bytes === null) return null;
  try {
    return schema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

import { z } from 'zod';
import type { StagedSource } from './video-storage.ts';

/** Who may be trusted with a note is decided by what it notes; this is only its shape. */
export const stagedSourceSchema: z.ZodType<StagedSource> = z.object({
  jobId: z.string(),
  validator: z.string(),
  totalBytes: z.number().int().nonnegative().exactOptional(),
});

/** A note as it was read back; null for anything that is none: it is then worth nothing. */
export function parseNote<T>(schema: z.ZodType<T>, bytes: Uint8Array | null): T | null {
  if (bytes === null) return null;
  try {
    return schema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

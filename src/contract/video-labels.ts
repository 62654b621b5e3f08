import { z } from 'zod';
import type { VideoLabels } from './admission.ts';

/** Maximum length of a tag, in characters. */
export const maxTagLength = 64;
/** Maximum number of tags of a video. */
export const maxTags = 10;

const tag = z.string().min(1).max(maxTagLength);
const amount = z.number().nonnegative();

const capsSchema = z.object({
  videos: amount.exactOptional(),
  seconds: amount.exactOptional(),
  money: amount.exactOptional(),
});

/** Validates `VideoLabels`. Not for workflow code: the isolate has no zod. */
export const videoLabelsSchema = z.object({
  tags: z.array(tag).max(maxTags, `a video has at most ${maxTags} tags`).exactOptional(),
  priority: z.enum(['interactive', 'batch']).exactOptional(),
  batch: z
    .object({ name: z.string().min(1), runId: z.string().min(1), caps: capsSchema.exactOptional() })
    .exactOptional(),
});

/** Valid labels, or their first fault: the path of the field, and why it is invalid. */
export type ReadLabels =
  | { ok: true; labels: VideoLabels }
  | { ok: false; field: string; message: string };

/** Validates the labels of an object and ignores its other fields. */
export function readLabels({ tags, priority, batch }: VideoLabels): ReadLabels {
  const parsed = videoLabelsSchema.safeParse({
    ...(tags !== undefined && { tags }),
    ...(priority !== undefined && { priority }),
    ...(batch !== undefined && { batch }),
  });
  if (parsed.success) return { ok: true, labels: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'tags';
  return { ok: false, field, message: issue?.message ?? 'is wrong' };
}

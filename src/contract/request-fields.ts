import { modelFamily } from './model-family.ts';
import type { VideoFormat } from './video-request.ts';

/** The route that 88API recommends. */
export const defaultFormat: VideoFormat = 'videos';

/** Sora knows `seconds` as text and is charged for `duration` without seeing it; all others take an integer. */
export function lengthField(model: string, seconds: number): Record<string, unknown> {
  return modelFamily(model) === 'sora' ? { seconds: String(seconds) } : { duration: seconds };
}

/** The field that a model reads its images from. @throws {RangeError} more images than the model takes */
export function imageFields({
  model,
  format,
  images,
}: {
  model: string;
  format: VideoFormat;
  images: readonly string[];
}): Record<string, unknown> {
  const [only] = images;
  if (only === undefined) return {};
  if (modelFamily(model) === 'sora' && format === 'videos') {
    if (images.length === 1) return { input_reference: only };
    throw new RangeError(`"${model}" takes one image, not ${images.length}`);
  }
  return images.length === 1 ? { image: only } : { images };
}

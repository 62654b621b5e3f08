import { modelFamily } from '../contract/model-family.ts';
import { readRequest } from '../contract/read-request.ts';
import type { VideoFormat, VideoRequest } from '../contract/video-request.ts';
import { FieldError } from './field-error.ts';
import type { RowFields } from './row-fields.ts';

/** The route that 88API recommends. */
const defaultFormat: VideoFormat = 'videos';

/** The request of a row that has model and prompt, the same as `onetake generate` makes of them. @throws {FieldError} */
export function rowRequest(fields: RowFields & { model: string; prompt: string }): VideoRequest {
  const { model, prompt, format = defaultFormat, length, size, images = [], metadata } = fields;
  const read = readRequest({
    format,
    body: {
      model,
      prompt,
      ...(length && lengthField(model, length)),
      ...(size !== undefined && { size }),
      ...imageFields({ model, format, images }),
      ...(metadata && { metadata }),
    },
  });
  if (read.ok) return read.request;
  throw new FieldError(read.message);
}

/** Sora knows `seconds` as text and is charged for `duration` without seeing it; all others take an integer. */
function lengthField(model: string, { field, seconds }: NonNullable<RowFields['length']>) {
  const asText = field === 'seconds' || modelFamily(model) === 'sora';
  return asText ? { seconds: String(seconds) } : { duration: seconds };
}

interface Images {
  model: string;
  format: VideoFormat;
  images: readonly string[];
}

function imageFields({ model, format, images }: Images) {
  const [only] = images;
  if (only === undefined) return {};
  if (modelFamily(model) === 'sora' && format === 'videos') {
    if (images.length === 1) return { input_reference: only };
    throw new FieldError(`"${model}" takes one image, not ${images.length}`);
  }
  return images.length === 1 ? { image: only } : { images };
}

import { readRequest } from '../contract/read-request.ts';
import { defaultFormat, imageFields, lengthField } from '../contract/request-fields.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { FieldError } from './field-error.ts';
import type { RowFields } from './row-fields.ts';

/** The request of a row that has model and prompt, the same as `onetake generate` makes of them. @throws {FieldError} */
export function rowRequest(fields: RowFields & { model: string; prompt: string }): VideoRequest {
  const { model, prompt, format = defaultFormat, length, size, images = [], metadata } = fields;
  const read = readRequest({
    format,
    body: {
      model,
      prompt,
      ...(length && lengthOf(model, length)),
      ...(size !== undefined && { size }),
      ...withImages({ model, format, images }),
      ...(metadata && { metadata }),
    },
  });
  if (read.ok) return read.request;
  throw new FieldError(read.message);
}

/** A column `seconds` says where the length goes; `duration` leaves it to the model. */
function lengthOf(model: string, { field, seconds }: NonNullable<RowFields['length']>) {
  return field === 'seconds' ? { seconds: String(seconds) } : lengthField(model, seconds);
}

function withImages(given: Parameters<typeof imageFields>[0]) {
  try {
    return imageFields(given);
  } catch (cause) {
    throw cause instanceof RangeError ? new FieldError(cause.message) : cause;
  }
}

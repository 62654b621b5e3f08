import { wishedBody } from '../../contract/models/wished-body.ts';
import { readRequest } from '../../contract/read-request.ts';
import { defaultFormat } from '../../contract/request-fields.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { FieldError } from './field-error.ts';
import type { RowFields } from './row-fields.ts';

/** The request of a row that has a model, the same as `onetake generate` makes of its fields. @throws {FieldError} */
export function rowRequest({
  format = defaultFormat,
  length,
  key: _key,
  tags: _tags,
  output: _output,
  ...wishes
}: RowFields & { model: string }): VideoRequest {
  // A column `seconds` says where the length goes; `duration` leaves it to the model.
  const isNamed = length?.field === 'seconds';
  const seconds = isNamed || length === undefined ? {} : { seconds: length.seconds };
  const body = bodyOf({ ...wishes, format, ...seconds });
  const named = isNamed ? { seconds: String(length.seconds) } : {};
  const read = readRequest({ format, body: { ...body, ...named } });
  if (read.ok) return read.request;
  throw new FieldError(read.message);
}

function bodyOf(given: Parameters<typeof wishedBody>[0]) {
  try {
    return wishedBody(given);
  } catch (cause) {
    throw cause instanceof RangeError ? new FieldError(cause.message) : cause;
  }
}

import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import { wishedBody } from '../../contract/models/wished-body.ts';
import { jsonFault } from '../../contract/json-fault.ts';
import { readRequest } from '../../contract/read-request.ts';
import { defaultFormat } from '../../contract/request-fields.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { storeDataUris, type StoreText } from '../../identity/stored-data-uris.ts';
import { FieldError } from './field-error.ts';
import type { RowFields } from './row-fields.ts';

/**
 * Builds the request of a row that has a model, as `onetake generate` does from its flags. Without `storeText`, long data
 * URIs stay inline.
 *
 * @throws {FieldError}
 */
export async function rowRequest(
  {
    format = defaultFormat,
    length,
    key: _key,
    tags: _tags,
    output: _output,
    ...wishes
  }: RowFields & { model: string },
  {
    storeText,
    host,
  }: { storeText?: StoreText | undefined; host?: HostGeneration | undefined } = {},
): Promise<VideoRequest> {
  // The column `seconds` names the field for the length; with `duration` the model's rules choose the field.
  const isNamed = length?.field === 'seconds';
  const seconds = isNamed || length === undefined ? {} : { seconds: length.seconds };
  const body = bodyOf({ ...wishes, format, host, ...seconds });
  const named = isNamed ? { seconds: String(length.seconds) } : {};
  const given = { format, body: { ...body, ...named } };
  const read = readRequest(storeText ? await stored(given, storeText) : given);
  if (read.ok) return read.request;
  throw new FieldError(read.message);
}

async function stored(given: VideoRequest, storeText: StoreText): Promise<VideoRequest> {
  try {
    return jsonFault(given) ? given : await storeDataUris(given, storeText);
  } catch (cause) {
    throw cause instanceof RangeError ? new FieldError(cause.message) : cause;
  }
}

function bodyOf(given: Parameters<typeof wishedBody>[0]) {
  try {
    return wishedBody(given);
  } catch (cause) {
    throw cause instanceof RangeError ? new FieldError(cause.message) : cause;
  }
}

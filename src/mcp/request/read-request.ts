import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import { wishedBody } from '../../contract/models/wished-body.ts';
import { defaultFormat } from '../../contract/request-fields.ts';
import { badBody } from '../../serve/bodies/body-fault.ts';
import { readGivenBody, type CreateBody } from '../../serve/bodies/read-create-body.ts';
import { nothingStored } from '../../serve/catalogue/quote-video.ts';
import type { ServePorts } from '../../serve/ports.ts';
import type { VideoFields } from './video-fields.ts';

type Storage = Parameters<typeof readGivenBody>[1]['storage'];

/**
 * The request that the arguments describe, after the checks of `POST /v1/videos`.
 *
 * @param storage Where input images are written. By default they are not stored, and the request is the same.
 * @throws {ApiError} 400
 */
export function readRequest(
  { host }: Pick<ServePorts, 'host'>,
  given: VideoFields,
  storage: Storage = nothingStored,
): Promise<CreateBody> {
  const { format = defaultFormat } = given;
  return readGivenBody(bodyOf(given, host), { format, storage });
}

function bodyOf(given: VideoFields, host: HostGeneration): Record<string, unknown> {
  const { first_frame, last_frame, fields = {}, format = defaultFormat, ...wishes } = given;
  if (Object.hasOwn(fields, 'onetake')) {
    const message =
      '"fields.onetake" is not for agents: tags and priority are not part of what a person permits';
    throw badBody(message, 'fields.onetake');
  }
  try {
    const body: Record<string, unknown> = wishedBody({
      ...wishes,
      format,
      host,
      ...(first_frame !== undefined && { firstFrame: first_frame }),
      ...(last_frame !== undefined && { lastFrame: last_frame }),
    });
    const twice = Object.keys(fields).find((name) => Object.hasOwn(body, name));
    if (twice === undefined) return { ...body, ...fields };
    throw badBody(`"fields.${twice}" is given by another argument, too`, `fields.${twice}`);
  } catch (cause) {
    throw cause instanceof RangeError ? badBody(cause.message, undefined, cause) : cause;
  }
}

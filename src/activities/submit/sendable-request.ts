import { takeCallback } from '../../contract/callback-url.ts';
import { imageEncoding } from '../../contract/model-family.ts';
import { storedForm, type StoredForm } from '../../contract/models/stored-form.ts';
import { storedImagePrefix, type VideoRequest } from '../../contract/video-request.ts';
import type { Gateway, InputMedia } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import type { StoredImages } from '../../storage/records/stored-images.ts';
import { describeError, submitFailed } from '../to-application-failure.ts';

interface Sending {
  images: Pick<StoredImages, 'get'>;
  gateway: Pick<Gateway, 'uploadMedia'>;
  /** Time limit of each of the two exchanges of an upload. */
  timeoutMs: number;
}

/**
 * Replaces references to stored media by the form that the model accepts: Base64, a data URI, or the address of a
 * free upload to the gateway. Removes `callback_url`, which onetake calls itself. Everything else is unchanged. Each call
 * uploads again, so the digest of a request is computed before.
 *
 * @throws {RangeError} a medium is not stored
 * @throws {StorageError}
 * @throws {ApplicationFailure} the gateway did not accept the upload; nothing was sent
 */
export async function sendableRequest(
  given: VideoRequest,
  sending: Sending,
): Promise<VideoRequest> {
  const { request } = takeCallback(given);
  const { model } = request.body;
  const written = new Map<string, Promise<string>>();
  const write = (reference: string): Promise<string> => {
    const text = written.get(reference) ?? writtenAs(reference, { model, ...sending });
    written.set(reference, text);
    return text;
  };
  return { ...request, body: (await replaced(request.body, write)) as VideoRequest['body'] };
}

async function replaced(
  value: unknown,
  write: (reference: string) => Promise<string>,
): Promise<unknown> {
  if (typeof value === 'string') return value.startsWith(storedImagePrefix) ? write(value) : value;
  if (Array.isArray(value)) return Promise.all(value.map((inner) => replaced(inner, write)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, inner]) => [
    key,
    await replaced(inner, write),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function writtenAs(
  reference: string,
  { model, images, ...sending }: Sending & { model: string },
): Promise<string> {
  const image = await images.get(reference);
  if (!image) throw new RangeError(`Image "${reference}" is not stored; store it again`);
  const { bytes, contentType: type } = image;
  // Vendors read videos and audio only from an address.
  const form: StoredForm = type.startsWith('image/') ? storedForm(model) : 'upload';
  if (form !== 'upload') return inline({ bytes, type }, form);
  const address = await upload({ bytes, type }, sending);
  return address ?? inline({ bytes, type }, imageEncoding(model));
}

function inline({ bytes, type }: InputMedia, form: Exclude<StoredForm, 'upload'>): string {
  const base64 = Buffer.from(bytes).toString('base64');
  return form === 'base64' ? base64 : `data:${type};base64,${base64}`;
}

/** Returns null if the gateway has no uploads (versions before plugins); such a gateway takes images in the body. */
async function upload(
  media: InputMedia,
  { gateway, timeoutMs }: Omit<Sending, 'images'>,
): Promise<string | null> {
  try {
    return await gateway.uploadMedia(media, { timeoutMs });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const knowsNone = error.httpStatus === 404 || error.httpStatus === 405;
    if (knowsNone && media.type.startsWith('image/')) return null;
    const { kind, retryAfterMs } = error;
    throw submitFailed({
      ...describeError(error, 'gateway_unavailable'),
      billed: 'no',
      outcome: permanent.includes(kind) ? 'refused' : 'not_accepted',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

/** Another attempt of the same upload fails in the same way. */
const permanent: readonly GatewayError['kind'][] = [
  'invalid_request',
  'auth',
  'quota',
  'blocked_url',
];

import { maxImageBytes } from '../../contract/stored-inputs.ts';
import {
  videoRequestSchema,
  type VideoFormat,
  type VideoRequest,
} from '../../contract/video-request.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { ApiError } from '../http/api-error.ts';
import { badBody, refuseReferences } from './body-fault.ts';
import { openBody } from './body-reader.ts';
import { openAiReference, withReference } from './input-reference.ts';
import { takeOnetakeFields, type OnetakeFields } from './onetake-fields.ts';
import { parseJsonObject } from './parse-json.ts';
import { defaultIdleMs, readBodyText } from './read-body-text.ts';
import { readForm } from './read-form.ts';
import { typedFields } from './typed-fields.ts';
import { imageOfDataUri, type PendingImage } from './upload-image.ts';

/** Options of {@link readCreateBody}. */
export interface ReadBodyOptions {
  format: VideoFormat;
  /** Files and images are written here. */
  storage: Pick<VideoStorage, 'stage' | 'writeSmall'>;
  /** Longest wait for the next bytes. Default 30 s. */
  idleMs?: number;
}

/** A create body: the request for the gateway, and the fields of ours. */
export interface CreateBody {
  request: VideoRequest;
  onetake: OnetakeFields;
}

/** 32 images at their limit, and the texts. */
const maxFormBytes = 32 * maxImageBytes + 2 * 1024 * 1024;
/** 100 MB at 1.3 Mbit/s. */
const formTotalMs = 600_000;

const formAdvice = 'send images as URLs';

/**
 * Reads the body of a request that creates a video: JSON, or in format `videos` a form. Equal bodies give equal requests,
 * so the digest of a retry is that of the first attempt. Images become visible in the storage only if the whole body is
 * valid; a caller that disconnects leaves nothing.
 *
 * @throws {ApiError} 400, 408, 413, 415
 * @throws {StorageError}
 */
export async function readCreateBody(
  request: Request,
  options: ReadBodyOptions,
): Promise<CreateBody> {
  const { type, boundary } = contentType(request);
  const { idleMs = defaultIdleMs, format, storage } = options;
  if (type === 'json') {
    const given = parseJsonObject(await readBodyText(request, { idleMs }));
    return finish({ given, images: [] }, options);
  }
  if (type !== 'form' || format !== 'videos') throw wrongType(options);
  if (boundary === undefined) {
    throw badBody('The Content-Type has no boundary: let the HTTP client set it');
  }
  const limits = { maxBytes: maxFormBytes, idleMs, totalMs: formTotalMs, advice: formAdvice };
  const form = await readForm(openBody(request, limits), { boundary, storage });
  try {
    return await finish({ given: typedFields(form.fields), images: form.images }, options);
  } finally {
    // Only what was not committed is left to discard.
    await form.discard();
  }
}

/** The same for a body that is parsed already. @throws {ApiError} 400 @throws {StorageError} */
export function readGivenBody(
  given: Record<string, unknown>,
  options: ReadBodyOptions,
): Promise<CreateBody> {
  return finish({ given, images: [] }, options);
}

/** Checks the fields first, so that images are stored for a valid request only. */
async function finish(
  { given, images }: { given: Record<string, unknown>; images: readonly PendingImage[] },
  { format, storage }: ReadBodyOptions,
): Promise<CreateBody> {
  refuseReferences(given, { allowed: images.map(({ reference }) => reference) });
  const { body: fields, onetake } = takeOnetakeFields(given);
  const { body, image } = format === 'videos' ? mapped(fields, storage) : { body: fields };
  const request = checked({ format, body });
  for (const each of image ? [...images, image] : images) await each.commit();
  return { request, onetake };
}

/** OpenAI's form of an image becomes one that the model reads. */
function mapped(
  body: Record<string, unknown>,
  storage: ReadBodyOptions['storage'],
): { body: Record<string, unknown>; image?: PendingImage } {
  const given = openAiReference(body);
  const { model } = body;
  if (given === undefined || typeof model !== 'string') return { body };
  if (!/^data:/i.test(given)) return { body: withReference(body, { model, address: given }) };
  const image = imageOfDataUri(storage, { uri: given, field: 'input_reference.image_url' });
  return { body: withReference(body, { model, address: image.reference }), image };
}

/** The structure only: the client checks the rest when it starts the video. */
function checked(request: { format: VideoFormat; body: unknown }): VideoRequest {
  const parsed = videoRequestSchema.safeParse(request);
  if (parsed.success) return request as VideoRequest;
  const [issue] = parsed.error.issues;
  const field = issue?.path.slice(1).join('.') ?? '';
  if (field === 'model') {
    throw badBody('There is no model: name one, as in {"model":"kling-v1"}', field, parsed.error);
  }
  throw badBody(`"${field}": ${issue?.message ?? 'is wrong'}`, field, parsed.error);
}

function contentType(request: Request): { type: 'json' | 'form' | 'other'; boundary?: string } {
  const given = request.headers.get('content-type') ?? '';
  const [type = ''] = given.split(';');
  if (/^application\/(?:[\w.+-]+\+)?json$/i.test(type.trim())) {
    return { type: isUtf8(given) ? 'json' : 'other' };
  }
  if (!/^multipart\/form-data$/i.test(type.trim())) return { type: 'other' };
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(given) ?? [];
  const boundary = quoted ?? bare;
  return { type: 'form', ...(boundary !== undefined && { boundary }) };
}

function isUtf8(contentTypeHeader: string): boolean {
  const [, charset = 'utf-8'] = /;\s*charset="?([^\s;"]+)/i.exec(contentTypeHeader) ?? [];
  return /^(utf-?8|us-ascii)$/i.test(charset);
}

function wrongType({ format }: ReadBodyOptions): ApiError {
  const form =
    format === 'videos' ? ', or as a form with the Content-Type multipart/form-data' : '';
  return new ApiError(415, 'unsupported_media_type', {
    message: `Send the body as JSON in UTF-8 with the Content-Type application/json${form}`,
  });
}

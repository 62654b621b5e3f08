import { isObject } from '../../contract/object-in.ts';
import { readRequest } from '../../contract/read-request.ts';
import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import { wishedBody, type WishedVideo } from '../../contract/models/wished-body.ts';
import { defaultFormat } from '../../contract/request-fields.ts';
import { videoFormats, type VideoFormat, type VideoRequest } from '../../contract/video-request.ts';
import { UsageError } from '../context.ts';

/** The flags of `generate` that describe the video. */
export interface RequestFlags {
  prompt?: string;
  model?: string;
  format?: string;
  duration?: string;
  size?: string;
  ratio?: string;
  resolution?: string;
  audio?: boolean;
  /** Media are addresses, or `stored-image:sha256:…` references. */
  image?: string[];
  firstFrame?: string;
  lastFrame?: string;
  reference?: string[];
  referenceVideo?: string[];
  referenceAudio?: string[];
  metadata?: string;
}

/** Whether the user named the role of each image. */
export function namesRoles({ image, firstFrame, lastFrame, reference }: RequestFlags): boolean {
  return image === undefined && [firstFrame, lastFrame, reference].some(isGiven);
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

/** The flags that name media. */
export const mediaFlags = [
  'image',
  'firstFrame',
  'lastFrame',
  'reference',
  'referenceVideo',
  'referenceAudio',
] as const satisfies readonly (keyof RequestFlags)[];

/** The request that the field flags describe. @throws {UsageError} */
export function requestFromFlags(flags: RequestFlags, host?: HostGeneration): VideoRequest {
  const { model, prompt, metadata } = flags;
  const format = parseFormat(flags.format) ?? defaultFormat;
  const hasPrompt = prompt !== undefined && prompt.trim() !== '';
  if (!hasPrompt && mediaFlags.every((name) => flags[name] === undefined)) {
    throw new UsageError('There is no prompt: add one, e.g. onetake generate "A cat naps"');
  }
  if (model === undefined || model === '') {
    throw new UsageError('There is no model: name one with --model, e.g. --model kling-v1');
  }
  const body = bodyOf({
    model,
    format,
    host,
    ...(hasPrompt && { prompt }),
    ...wishesOf(flags),
    ...(metadata !== undefined && { metadata: parseMetadata(metadata) }),
  });
  return { format, body };
}

function wishesOf(flags: RequestFlags): Omit<WishedVideo, 'model' | 'format'> {
  const { duration, size, ratio, resolution, audio, firstFrame, lastFrame } = flags;
  return {
    ...(duration !== undefined && { seconds: wholeSeconds(duration) }),
    ...(size !== undefined && { size }),
    ...(ratio !== undefined && { ratio }),
    ...(resolution !== undefined && { resolution }),
    ...(audio !== undefined && { audio }),
    ...(flags.image && { images: flags.image }),
    ...(firstFrame !== undefined && { firstFrame }),
    ...(lastFrame !== undefined && { lastFrame }),
    ...(flags.reference && { references: flags.reference }),
    ...(flags.referenceVideo && { referenceVideos: flags.referenceVideo }),
    ...(flags.referenceAudio && { referenceAudios: flags.referenceAudio }),
  };
}

/** A request before it is checked. */
export interface GivenRequest {
  format: unknown;
  body: unknown;
}

/**
 * Reads `--body`: a body for the gateway, or a whole `{ format, body }`.
 *
 * @param given Value of `--format`.
 * @throws {UsageError} It is not JSON, or names two formats.
 */
export function givenBody(text: string, given?: string): GivenRequest {
  const json = parseJson(text, 'Cannot read the body');
  const format = parseFormat(given);
  if (!isWhole(json)) return { format: format ?? defaultFormat, body: json };
  if (format !== undefined && json.format !== format) {
    throw new UsageError(
      `--format says "${format}", the file says "${String(json.format)}": give only one of them`,
    );
  }
  return json;
}

/** Checks a request locally. @throws {UsageError} */
export function checkedRequest(request: unknown): VideoRequest {
  const read = readRequest(request);
  if (read.ok) return read.request;
  throw new UsageError(`Cannot use the request: "${read.field}": ${read.message}`);
}

function isWhole(json: unknown): json is GivenRequest {
  return typeof json === 'object' && json !== null && 'format' in json && 'body' in json;
}

function parseFormat(format: string | undefined): VideoFormat | undefined {
  if (format === undefined) return undefined;
  const known = videoFormats.find((name) => name === format);
  if (known) return known;
  throw new UsageError(`Unknown format "${format}": it must be ${videoFormats.join(' or ')}`);
}

function wholeSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isInteger(seconds) && seconds >= 1) return seconds;
  throw new UsageError(`Cannot use duration "${text}": it must be whole seconds, e.g. 5`);
}

function bodyOf(given: WishedVideo): VideoRequest['body'] {
  try {
    return wishedBody(given);
  } catch (cause) {
    throw cause instanceof RangeError ? new UsageError(cause.message, { cause }) : cause;
  }
}

function parseMetadata(text: string): Record<string, unknown> {
  const metadata = parseJson(text, 'Cannot read --metadata');
  if (isObject(metadata)) return metadata;
  throw new UsageError(`Cannot use --metadata "${text}": it must be a JSON object`);
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${what}: it is not JSON (${reason})`, { cause });
  }
}

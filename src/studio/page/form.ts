import type { Context } from 'hono';
import { ApiError } from '../../serve/http/api-error.ts';
import type { StudioEnv } from '../ports.ts';

/** Forms without files are small. */
const maxFormBytes = 1_000_000;

/** Reads the fields of a form without files. @throws {ApiError} 413 | 415 */
export async function readForm(context: Context<StudioEnv>): Promise<URLSearchParams> {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    const message = 'This page takes forms only';
    throw new ApiError(415, 'unsupported_media_type', { message });
  }
  const bytes = await readBytes(context.req.raw, maxFormBytes);
  return new URLSearchParams(bytes.toString('utf8'));
}

/** The body of a request. @throws {ApiError} 413 */
export async function readBytes(
  { body, headers }: Request,
  maxBytes: number,
): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = () => {
    const message = `The form has more than ${Math.floor(maxBytes / 1_000_000)} MB`;
    return new ApiError(413, 'too_large', { message });
  };
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    const part = chunk as Uint8Array;
    size += part.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** Answers a form with a page, so that a reload does not send the form again. */
export function seeOther(context: Context<StudioEnv>, path: string): Response {
  return context.redirect(path, 303);
}

/** A path under /studio; the start page for anything else, e.g. another site. */
export function localPath(given: string | null): string {
  const url = URL.canParse(given ?? '', 'http://local') && new URL(given ?? '', 'http://local');
  const isOurs = url && url.origin === 'http://local' && /^\/studio(\/|$)/.test(url.pathname);
  return isOurs ? url.pathname + url.search : '/studio';
}

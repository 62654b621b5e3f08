import type { Context } from 'hono';
import { ApiError } from '../../serve/http/api-error.ts';
import type { StudioEnv } from '../ports.ts';

/** Forms without files are small. */
const maxFormBytes = 1024 * 1024;

/** Text fields of a form by name. A field that is given twice has its last value. */
export type FormFields = Readonly<Record<string, string>>;

/** Reads the fields of a form without files. @throws {ApiError} 413 | 415 */
export async function readForm(context: Context<StudioEnv>): Promise<URLSearchParams> {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    const message = 'This page takes forms only';
    throw new ApiError(415, 'unsupported_media_type', { message });
  }
  return new URLSearchParams(await readText(context.req.raw));
}

async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > maxFormBytes) {
      throw new ApiError(413, 'too_large', { message: 'The form has more than 1 MB' });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
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

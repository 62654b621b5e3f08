import type { Context } from 'hono';
import pLimit from 'p-limit';
import { ApiError } from '../../serve/http/api-error.ts';
import type { StudioEnv } from '../ports.ts';
import { readBytes } from './form.ts';

/** Fields of a form with files. Fields and files that were left empty are absent. */
export interface FormWithFiles {
  text(name: string): string;
  files(name: string): File[];
}

/**
 * Reads a form that may have files, which are held in memory. Line breaks are LF.
 *
 * @throws {ApiError} 400; 413 for more than `maxBytes`
 */
export async function readFormWithFiles(
  context: Context<StudioEnv>,
  maxBytes: number,
): Promise<FormWithFiles> {
  const { raw } = context.req;
  const bytes = await readBytes(raw, maxBytes);
  const form = await oneAtATime(() => parse(bytes, raw.headers));
  return {
    text: (name) => {
      const value = form.get(name);
      return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : '';
    },
    files: (name) =>
      form.getAll(name).filter((value): value is File => value instanceof File && value.size > 0),
  };
}

/** A form is in memory twice while it is parsed. */
const oneAtATime = pLimit(1);

async function parse(bytes: Buffer<ArrayBuffer>, headers: Headers): Promise<FormData> {
  const type = headers.get('content-type') ?? '';
  try {
    return await new Response(bytes, { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    const message = 'Cannot read the form; load the page again';
    throw new ApiError(400, 'invalid_request', { message, cause });
  }
}

import type { HonoRequest } from 'hono';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';
import { readJson } from './read-json.ts';

/** A small JSON body of our own routes. @throws {ApiError} 400 */
export async function parseBody<T extends z.ZodType>(
  request: HonoRequest,
  schema: T,
): Promise<z.output<T>> {
  const parsed = schema.safeParse(await readJson(request));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join('.') ?? '';
  const message = `${param === '' ? 'The body' : `"${param}"`}: ${issue?.message ?? 'is wrong'}`;
  throw new ApiError(400, 'invalid_request', { message, ...(param !== '' && { param }) });
}

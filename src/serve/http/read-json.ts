import type { HonoRequest } from 'hono';
import { parseJsonObject } from '../bodies/parse-json.ts';
import { readBodyText } from '../bodies/read-body-text.ts';

/** Reads a small JSON object; an empty body is an empty object. @throws {ApiError} 400, 408, 413 */
export async function readJson(request: HonoRequest): Promise<Record<string, unknown>> {
  const text = await readBodyText(request.raw);
  return text.trim() === '' ? {} : parseJsonObject(text);
}

import type { HonoRequest } from 'hono';
import { ApiError } from './api-error.ts';

/** Reads a small JSON object; an empty body is an empty object. @throws {ApiError} 400 */
export async function readJson(request: HonoRequest): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // The same message as for JSON of another type.
  }
  throw new ApiError(400, 'invalid_request', { message: 'The body is not a JSON object' });
}

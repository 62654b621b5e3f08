import { openBody, type BodyLimits } from './body-reader.ts';
import { readText } from './read-text.ts';

/** Longest wait for the next bytes of a body. */
export const defaultIdleMs = 30_000;
/** Longest time for a body in JSON. */
const totalMs = 60_000;
const defaultMaxBytes = 1024 * 1024;
const defaultAdvice = 'send images as files in multipart/form-data, or as URLs';

/**
 * The text of a body that is held in memory, by default at most 1 MiB.
 *
 * @throws {ApiError} 400 if it is not UTF-8 or the client is gone, 408, 413
 */
export async function readBodyText(
  request: Request,
  {
    idleMs = defaultIdleMs,
    maxBytes = defaultMaxBytes,
    advice = defaultAdvice,
  }: Partial<Pick<BodyLimits, 'idleMs' | 'maxBytes' | 'advice'>> = {},
): Promise<string> {
  const body = openBody(request, { maxBytes, idleMs, totalMs, advice });
  const chunks: Uint8Array[] = [];
  for (let chunk = await body.next(); chunk !== null; chunk = await body.next()) chunks.push(chunk);
  return readText(Buffer.concat(chunks));
}

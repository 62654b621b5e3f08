import { ApiError } from '../http/api-error.ts';
import { badBody, tooLarge } from './body-fault.ts';

/** Limits of one body. */
export interface BodyLimits {
  maxBytes: number;
  /** Longest wait for the next bytes. */
  idleMs: number;
  /** Longest time for the whole body, against clients that send a byte now and then. */
  totalMs: number;
  /** What a caller can do about a body that is too large. */
  advice: string;
}

/** Reads a body piece by piece, within its limits. */
export interface BodyReader {
  /**
   * The next bytes; null at the end.
   *
   * @throws {ApiError} 413 above `maxBytes`, 408 after `idleMs` without bytes or `totalMs`, 400 if the client is gone.
   */
  next(): Promise<Uint8Array | null>;
  /** Reads and drops up to `maxBytes` more, so that a client that is still sending can read the response. */
  drain(maxBytes: number): Promise<void>;
}

/** @throws {ApiError} 413 if `Content-Length` is above the limit. Then nothing is read. */
export function openBody(request: Request, limits: BodyLimits): BodyReader {
  if (Number(request.headers.get('content-length')) > limits.maxBytes) throw overLimit(limits);
  const reader = request.body?.getReader();
  const endsAt = performance.now() + limits.totalMs;
  let sizeBytes = 0;
  const read = async (): Promise<Uint8Array | null> => {
    if (!reader) return null;
    const leftMs = Math.min(limits.idleMs, endsAt - performance.now());
    const chunk = await inTime(reader, leftMs);
    sizeBytes += chunk?.length ?? 0;
    return chunk;
  };
  return {
    next: async () => {
      const chunk = await read();
      if (sizeBytes > limits.maxBytes) throw overLimit(limits);
      return chunk;
    },
    drain: async (maxBytes) => {
      const end = sizeBytes + maxBytes;
      try {
        while (sizeBytes < end && (await read()) !== null);
      } catch {
        // The response says what was wrong first. A client that is gone reads neither.
      }
    },
  };
}

function overLimit({ maxBytes, advice }: BodyLimits): ApiError {
  return tooLarge(`The body has more than ${maxBytes} bytes: ${advice}`);
}

async function inTime(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  waitMs: number,
): Promise<Uint8Array | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), Math.max(0, waitMs));
  });
  try {
    const found = await Promise.race([reader.read(), late]);
    if (found !== 'late') return found.done ? null : found.value;
  } catch (cause) {
    throw badBody('The connection ended before the end of the body', undefined, cause);
  } finally {
    clearTimeout(timer);
  }
  reader.cancel().catch(() => {});
  const message = 'The body did not arrive in time: send the request again';
  throw new ApiError(408, 'request_timeout', { message });
}

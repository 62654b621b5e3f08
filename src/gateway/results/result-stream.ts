import { compact } from '../compact.ts';
import { type Task, transportFault } from '../faults/fault-error.ts';
import type { ResultStream } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { HttpHeaders } from '../transport/http.ts';
import type { HttpStream } from '../transport/http-stream.ts';
import { pathOnly, type RawUrl } from '../transport/raw-url.ts';
import { TransportError } from '../transport/transport-error.ts';

/** Describes an open transfer by its headers, and checks the number of bytes against `Content-Length`. */
export function toResultStream(
  stream: HttpStream & { status: 200 | 206 },
  { task, target }: { task: Task; target: RawUrl },
): ResultStream {
  const { status, headers, body, close } = stream;
  const encoded = !/^(identity)?$/i.test(headers['content-encoding']?.trim() ?? '');
  const contentLength = encoded ? undefined : wholeNumber(headers['content-length']);
  const isPart = status === 206 && !encoded;
  const range = isPart ? readContentRange(headers['content-range']) : undefined;
  return {
    status,
    body: checkedBody(body, { task, contentLength }),
    ...compact({
      contentType: headers['content-type'],
      contentLength,
      totalBytes: status === 206 ? range?.totalBytes : contentLength,
      rangeStart: range?.start,
      etag: headers['etag'],
      lastModified: headers['last-modified'],
      finalUrlPathHash: hashInPath(target),
    }),
    // A range of an encoded body counts encoded bytes, but only decoded bytes are kept.
    acceptsRanges: !encoded && acceptsRanges(headers),
    close,
  };
}

async function* checkedBody(
  body: AsyncIterable<Uint8Array>,
  { task, contentLength }: { task: Task; contentLength: number | undefined },
): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    for await (const chunk of body) {
      received += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof TransportError) throw brokenBody(task, error, received);
    throw error;
  }
  if (contentLength !== undefined && received !== contentLength) {
    const message = `Cannot ${task.verb}: it ended after ${received} of ${contentLength} bytes`;
    throw new GatewayError('truncated', message);
  }
}

/** A closed connection means a truncated file. A timeout or a cancellation says nothing about the file. */
function brokenBody(task: Task, error: TransportError, received: number): GatewayError {
  if (error.fault !== 'connection') return transportFault(task, error);
  const message = `Cannot ${task.verb}: the connection broke after ${received} bytes: ${error.message}`;
  return new GatewayError('truncated', message, { cause: error });
}

function readContentRange(
  header: string | undefined,
): { start: number; totalBytes?: number } | undefined {
  const match = /^\s*bytes\s+(\d+)-\d+\/(\d+|\*)\s*$/i.exec(header ?? '');
  if (!match) return undefined;
  return compact({ start: Number(match[1]), totalBytes: wholeNumber(match[2]) });
}

function wholeNumber(text: string | undefined): number | undefined {
  const number = text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

function acceptsRanges(headers: HttpHeaders): boolean {
  return /\bbytes\b/i.test(headers['accept-ranges'] ?? '');
}

function hashInPath(target: RawUrl): string | undefined {
  return /\/([0-9a-f]{64})(?:\.\w+)?$/i.exec(pathOnly(target))?.[1]?.toLowerCase();
}

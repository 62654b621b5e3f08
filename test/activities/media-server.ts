import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** How a media host answers one request for its file. */
export interface MediaAnswer {
  bytes: Buffer;
  etag?: string;
  lastModified?: string;
  /** False: a Range is not looked at, and no length is told. */
  ranges?: boolean;
  chunked?: boolean;
  /** Sends so many bytes, and breaks the connection when they have arrived. */
  breakAfter?: number;
  /** Ends properly after so many bytes. */
  endAfter?: number;
  /** Sends so many bytes, then nothing more. */
  hangAfter?: number;
  status?: number;
  /** Headers that lie. */
  headers?: Record<string, string>;
}

export interface MediaServer {
  url: string;
  /** Of each request the first byte that it asked for, 0 without a Range. */
  starts: number[];
  conditions: (string | undefined)[];
  /** Of each request its Range, as sent. */
  ranges: (string | undefined)[];
  /** Bytes of the file that were sent. */
  sentBytes: () => number;
}

/**
 * A media host on loopback that gives its answers in turn, the last one again and again; it ends with the test.
 *
 * @param reachedByte How far in the file its reader has come: what still lies in a buffer is lost with its connection.
 */
export async function startMediaServer(
  answers: MediaAnswer[],
  reachedByte: () => number,
): Promise<MediaServer> {
  const starts: number[] = [];
  const conditions: (string | undefined)[] = [];
  const ranges: (string | undefined)[] = [];
  let sentBytes = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(starts.length, answers.length - 1)];
    starts.push(rangeStart(request));
    conditions.push(request.headers['if-range']?.toString());
    ranges.push(request.headers.range);
    if (answer) sentBytes += send(answer, { request, response, reachedByte });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v.mp4?signature=secret`,
    starts,
    conditions,
    ranges,
    sentBytes: () => sentBytes,
  };
}

function rangeStart({ headers }: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  reachedByte: () => number;
}

function send(answer: MediaAnswer, { request, response, reachedByte }: Exchange): number {
  const { bytes, etag, lastModified, ranges = true, chunked = false } = answer;
  const condition = request.headers['if-range']?.toString();
  const honoured = ranges && (condition === undefined || [etag, lastModified].includes(condition));
  const start = honoured ? rangeStart(request) : 0;
  const rest = bytes.subarray(start);
  response.writeHead(answer.status ?? (start > 0 ? 206 : 200), {
    'content-type': 'video/mp4',
    ...(ranges && { 'accept-ranges': 'bytes' }),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { 'last-modified': lastModified }),
    ...(!chunked && { 'content-length': rest.length }),
    ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    ...answer.headers,
  });
  const { breakAfter, endAfter, hangAfter } = answer;
  const sent = rest.subarray(0, breakAfter ?? endAfter ?? hangAfter ?? rest.length);
  const breakOff = () => {
    if (reachedByte() >= start + sent.length) response.destroy();
    else if (!response.closed) setImmediate(breakOff);
  };
  if (breakAfter !== undefined) response.write(sent, breakOff);
  else if (hangAfter !== undefined) response.write(sent);
  else response.end(sent);
  return sent.length;
}

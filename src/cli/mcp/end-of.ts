import type { Readable } from 'node:stream';

/** Aborted at the end of a stream, or when it is closed. */
export function endOf(stream: Readable): AbortSignal {
  const ended = new AbortController();
  const abort = () => ended.abort();
  stream.once('end', abort);
  stream.once('close', abort);
  return ended.signal;
}

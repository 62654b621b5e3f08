import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** What one read may give. TLS gives 16 KiB at a time, so several fit. */
const bufferBytes = 256 * 1024;
/** A read into less space would cost as much. */
const leastSpaceBytes = 64 * 1024;
const endOfHead = Buffer.from('\r\n\r\n');

export interface DirectBody {
  /** The option of the socket: bytes are read into our buffers, and no event is emitted for them. */
  onread: {
    buffer: () => Uint8Array;
    callback: (this: Socket, sizeBytes: number, buffer: Uint8Array) => boolean;
  };
  /**
   * To be called while the event `response` is emitted. Undefined if node:http has to read this body: its length is not
   * declared, it is encoded, or the socket has another `onread`. A chunk is valid until the next one is requested.
   */
  take(incoming: IncomingMessage): AsyncIterable<Uint8Array> | undefined;
}

/**
 * Leaves the head of a response to node:http, and reads the body from the socket: a parser and a stream for each 64 KiB
 * need more time than to receive and write them. node:http gets no byte after the head before its event, so the body can
 * be taken there.
 *
 * @see https://nodejs.org/api/net.html#socketconnectoptions-connectlistener `onread`
 */
export function createDirectBody(): DirectBody {
  const buffers = createBuffers();
  let state: 'head' | 'parsed' | 'taken' = 'head';
  let [tail, isAtEndOfHead] = [Buffer.alloc(0), false];
  let wake = () => {};
  /** Returns what follows the head. */
  const pushHead = (bytes: Buffer, to: Socket): Buffer => {
    const found = Buffer.concat([tail, bytes]).indexOf(endOfHead);
    const length = found === -1 ? bytes.length : found + endOfHead.length - tail.length;
    tail = Buffer.concat([tail, bytes.subarray(0, length)]).subarray(1 - endOfHead.length);
    isAtEndOfHead = found !== -1;
    to.push(Buffer.from(bytes.subarray(0, length)));
    isAtEndOfHead = false;
    return bytes.subarray(length);
  };
  return {
    onread: {
      buffer: buffers.next,
      callback(sizeBytes, buffer) {
        let bytes = buffers.filled(buffer, sizeBytes);
        // An interim response (1xx) has a head of its own, and no event `response`.
        while (state === 'head' && bytes.length > 0) bytes = pushHead(bytes, this);
        if (state !== 'taken') return bytes.length === 0 || this.push(Buffer.from(bytes));
        if (bytes.length > 0) buffers.waiting.push(bytes);
        wake();
        // Reading continues when the caller wants more.
        return false;
      },
    },
    take: (incoming) => {
      const sizeBytes = isAtEndOfHead ? plainLength(incoming) : undefined;
      state = sizeBytes === undefined ? 'parsed' : 'taken';
      if (sizeBytes === undefined) return undefined;
      const ended = endOf(incoming, () => wake());
      const more = () =>
        new Promise<void>((resolve) => {
          wake = resolve;
          if (ended.error) resolve();
          incoming.socket.resume();
        });
      return readBuffers(buffers, { sizeBytes, ended, more });
    },
  };
}

/** Undefined unless the bytes on the connection are exactly those of the file. */
function plainLength({ statusCode, headers }: IncomingMessage): number | undefined {
  const isFile = statusCode === 200 || statusCode === 206;
  const isPlain = /^(identity)?$/i.test(headers['content-encoding']?.trim() ?? '');
  const length = headers['transfer-encoding'] === undefined ? headers['content-length'] : undefined;
  if (!isFile || !isPlain || length === undefined || !/^\d+$/.test(length)) return undefined;
  return Number.isSafeInteger(Number(length)) ? Number(length) : undefined;
}

/** node:http knows nothing of the body, so for it each end of the connection is early. */
function endOf(incoming: IncomingMessage, onEnd: () => void): { error?: Error } {
  const ended: { error?: Error } = {};
  const end = (error: Error) => {
    ended.error ??= error;
    onEnd();
  };
  incoming.once('error', end);
  incoming.once('close', () => end(new Error('The connection was closed')));
  return ended;
}

interface Reading {
  sizeBytes: number;
  ended: { error?: Error };
  more: () => Promise<void>;
}

async function* readBuffers(
  buffers: Buffers,
  { sizeBytes, ended, more }: Reading,
): AsyncGenerator<Uint8Array> {
  let restBytes = sizeBytes;
  while (restBytes > 0) {
    const chunk = buffers.takeWaiting()?.subarray(0, restBytes);
    if (chunk) {
      restBytes -= chunk.length;
      yield chunk;
    } else if (ended.error) throw ended.error;
    else await more();
  }
}

type Buffers = ReturnType<typeof createBuffers>;

/**
 * Where to read to has to be said at the end of the read before. A second buffer makes that possible while the chunk of the
 * first one is in use. TLS may give more although reading was stopped; that needs further buffers, which are dropped.
 */
function createBuffers() {
  const kept: Buffer[] = [];
  const waiting: Buffer[] = [];
  let inUse: Buffer | undefined;
  let space: Buffer = Buffer.alloc(0);
  const isFree = ({ buffer }: Buffer) =>
    inUse?.buffer !== buffer && waiting.every((each) => each.buffer !== buffer);
  const unused = () => {
    const free = kept.find(isFree);
    if (free) return free;
    const fresh = Buffer.allocUnsafeSlow(bufferBytes);
    if (kept.length < 2) kept.push(fresh);
    return fresh;
  };
  return {
    waiting,
    next: () => {
      if (space.length < leastSpaceBytes) space = unused();
      return space;
    },
    filled: (buffer: Uint8Array, sizeBytes: number): Buffer => {
      const whole = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length);
      space = whole.subarray(sizeBytes);
      return whole.subarray(0, sizeBytes);
    },
    /** The caller has finished with the chunk before. */
    takeWaiting: (): Buffer | undefined => {
      inUse = waiting.shift();
      return inUse;
    },
  };
}

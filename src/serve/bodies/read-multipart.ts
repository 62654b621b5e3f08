import { Dicer } from '@fastify/busboy';
import { badBody } from './body-fault.ts';
import type { BodyReader } from './body-reader.ts';
import { readPartHeader, type PartHeader } from './part-header.ts';

/** Takes the bytes of one part. */
export interface PartSink {
  write(chunk: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/** The gateway takes as many. */
const maxParts = 256;
const maxHeaderBytes = 8 * 1024;

/** Never reached, so that the parser hands on all of a chunk before `write` returns. */
const partBufferBytes = 1024 ** 3;

type Headers = Record<string, readonly string[]>;
type OpenSink = (header: PartHeader) => PartSink;

interface OpenPart {
  stream: Dicer.PartStream;
  headers: Headers | undefined;
  sink: PartSink | undefined;
}

interface Parser {
  dicer: Dicer;
  /** Parts that are not taken yet. All but the last one have arrived in full. */
  parts: OpenPart[];
  /** Rejects if the last boundary is missing. */
  ended: Promise<void>;
}

/**
 * Reads a form part by part, and waits for each sink before it reads more. So one chunk of the body is in memory.
 *
 * @throws {ApiError} 400 if the form is cut off, has an unreadable part, or more than 256 parts.
 */
export async function readMultipart(
  body: BodyReader,
  { boundary, open }: { boundary: string; open: OpenSink },
): Promise<void> {
  const parser = openParser(boundary);
  const openNext = counted(open);
  for (let chunk = await body.next(); chunk !== null; chunk = await body.next()) {
    parser.dicer.write(chunk);
    await takeParts(parser.parts, openNext);
  }
  parser.dicer.end();
  const [last] = parser.parts;
  last?.stream.resume();
  await parser.ended;
  if (last) await endPart(last, openNext);
}

function openParser(boundary: string): Parser {
  const config = {
    boundary,
    maxHeaderPairs: 20,
    maxHeaderSize: maxHeaderBytes,
    partHwm: partBufferBytes,
  };
  const dicer = new Dicer(config);
  const parts: OpenPart[] = [];
  dicer.on('part', (stream) => {
    const part: OpenPart = { stream, headers: undefined, sink: undefined };
    stream.on('header', (headers: object) => (part.headers = headers as Headers));
    // The parser reports the same error.
    stream.on('error', () => {});
    parts.push(part);
  });
  const ended = new Promise<void>((resolve, reject) => {
    dicer.on('error', (cause) => {
      reject(badBody('The form ends before its last boundary: send all of it', undefined, cause));
    });
    dicer.on('close', resolve);
  });
  ended.catch(() => {});
  return { dicer, parts, ended };
}

function counted(open: OpenSink): OpenSink {
  let count = 0;
  return (header) => {
    count += 1;
    if (count > maxParts) throw badBody(`The form has more than ${maxParts} parts: send JSON`);
    return open(header);
  };
}

async function takeParts(parts: OpenPart[], open: OpenSink): Promise<void> {
  for (let [part] = parts; part && parts.length > 1; [part] = parts) {
    await endPart(part, open);
    parts.shift();
  }
  const [last] = parts;
  if (last?.headers) await takeChunk(last, open);
}

async function endPart(part: OpenPart, open: OpenSink): Promise<void> {
  const sink = await takeChunk(part, open);
  await sink.end();
}

async function takeChunk(part: OpenPart, open: OpenSink): Promise<PartSink> {
  const sink = part.sink ?? open(readPartHeader(part.headers ?? {}));
  part.sink = sink;
  const chunk = part.stream.read() as Uint8Array | null;
  if (chunk) await sink.write(chunk);
  return sink;
}

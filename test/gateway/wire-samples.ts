import { readdirSync, readFileSync } from 'node:fs';
import type { Reply } from '../fakes/wire-server.ts';

/** One recorded exchange; `response.body` is JSON, raw text, or a description of video bytes. */
export interface WireSample {
  name: string;
  request: { method: string; path: string; body: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown };
}

const folder = new URL('../fixtures/wire/', import.meta.url);

/** Every recorded exchange, by file name without `.json`. */
export const wireSamples: WireSample[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const { request, response } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    return { name: file.replace(/\.json$/, ''), request, response };
  });

/** The sample of that name. */
export function wireSample(name: string): WireSample {
  const sample = wireSamples.find((one) => one.name === name);
  if (!sample) throw new RangeError(`No wire sample "${name}"`);
  return sample;
}

/** The body bytes as recorded; of video bytes only their number is known. */
export function bodyOf({ response: { body } }: WireSample): string | Uint8Array {
  if (typeof body === 'string') return body;
  if (isBytes(body)) return Buffer.alloc(body.bytes, 1);
  return body === null || body === undefined ? '' : JSON.stringify(body);
}

/** The sample as a reply of a server; lengths are counted anew, the rest of the head is as recorded. */
export function replyOf(sample: WireSample): Reply {
  const { status, headers } = sample.response;
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(content-length|transfer-encoding)$/i.test(name),
  );
  return { status, headers: Object.fromEntries(kept), body: bodyOf(sample) };
}

function isBytes(body: unknown): body is { bytes: number } {
  return typeof body === 'object' && body !== null && 'bytes' in body && 'sha256' in body;
}

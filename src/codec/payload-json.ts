import type { Payload } from '@temporalio/common';
import { z } from 'zod';

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));

const payload = z.object({
  metadata: z.record(z.string(), base64).nullable().default(null),
  data: base64.nullable().default(null),
});
const payloads = z.object({ payloads: z.array(payload).default([]) });

/** Parses a `Payloads` message in proto3 JSON: bytes as base64, no empty fields. @throws {SyntaxError | z.ZodError} */
export function payloadsFromJson(text: string): Payload[] {
  return payloads.parse(JSON.parse(text)).payloads;
}

/** Writes a `Payloads` message in proto3 JSON. */
export function payloadsToJson(list: readonly Payload[]): string {
  return JSON.stringify({ payloads: list.map(toJson) });
}

function toJson({ metadata, data }: Payload) {
  const fields = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, toBase64(bytes)]);
  return { metadata: Object.fromEntries(fields), ...(data && { data: toBase64(data) }) };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

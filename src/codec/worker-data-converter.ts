import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './payload-codec.ts';
import type { PayloadKey } from './payload-keys.ts';

/** A file of the isolate that the worker loads by path: compiled like this file, or both as sources. */
const failureConverterPath = fileURLToPath(
  new URL(`../workflows/failure-converter${extname(import.meta.url)}`, import.meta.url),
);

/** With keys, encrypts payloads and failures. Without keys, reports which key is missing. */
export function workerDataConverter(keys: readonly PayloadKey[]): DataConverter {
  const payloadCodecs = [createPayloadCodec(keys)];
  return keys.length === 0 ? { payloadCodecs } : { payloadCodecs, failureConverterPath };
}

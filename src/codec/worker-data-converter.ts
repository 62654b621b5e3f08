import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './payload-codec.ts';
import type { PayloadKey } from './payload-keys.ts';

/** The one file of the isolate that the worker needs, too; compiled beside this one, or both as sources. */
const failureConverterPath = fileURLToPath(
  new URL(`../workflows/failure-converter${extname(import.meta.url)}`, import.meta.url),
);

/** With keys, payloads and failures are encrypted; without, a worker at least says which key it lacks. */
export function workerDataConverter(keys: readonly PayloadKey[]): DataConverter {
  const payloadCodecs = [createPayloadCodec(keys)];
  return keys.length === 0 ? { payloadCodecs } : { payloadCodecs, failureConverterPath };
}

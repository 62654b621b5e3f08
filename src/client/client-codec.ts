import type { PayloadCodec } from '@temporalio/common';
import { createPayloadCodec } from '../codec/payload-codec.ts';
import { PayloadKeyError } from '../codec/payload-key-error.ts';
import type { PayloadKey } from '../codec/payload-keys.ts';
import { VideoClientError } from './video-client-error.ts';

/** The payload codec, with errors as `VideoClientError`. Without keys, it only reports which key is missing. */
export function clientCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const codec = createPayloadCodec(keys);
  return {
    encode: (payloads) => codec.encode(payloads),
    decode: (payloads) => codec.decode(payloads).catch(explain),
  };
}

function explain(cause: unknown): never {
  if (!(cause instanceof PayloadKeyError)) throw cause;
  throw new VideoClientError('payload_key', cause.message, { cause });
}

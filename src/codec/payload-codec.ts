import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { PayloadKeyError } from './payload-key-error.ts';
import type { PayloadKey } from './payload-keys.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const cipher = 'aes-256-gcm';
const encoding = 'binary/encrypted';
const keyIdField = 'encryption-key-id';
/** Standard nonce size of GCM. Random nonces are safe for 2^32 payloads per key (NIST SP 800-38D, 8.3). */
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts payloads with the first key, and decrypts payloads of all keys. Without keys, it only reports which key is
 * missing.
 *
 * The format is that of Temporal's samples in all languages: nonce, ciphertext and tag of the whole payload. So a
 * service in another language can start a video. There is no additional authenticated data, because a codec server does
 * not know the workflow, and payloads move between runs (reset, memo). The key id is the only metadata that is used.
 * With a wrong key id, the tag does not verify.
 *
 * Payloads that are not encrypted are returned unchanged: they are from older histories or from callers without keys.
 */
export function createPayloadCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [current] = keys;
  return {
    encode: async (payloads) =>
      current ? payloads.map((payload) => encrypt(payload, current)) : payloads,
    decode: async (payloads) =>
      payloads.map((payload) => (isEncrypted(payload) ? decrypt(payload, keys) : payload)),
  };
}

function encrypt(payload: Payload, { id, secret }: PayloadKey): Payload {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, secret, nonce, { authTagLength: tagBytes });
  const plain = PayloadMessage.encode(payload).finish();
  const sealed = [sealing.update(plain), sealing.final(), sealing.getAuthTag()];
  return {
    metadata: { [METADATA_ENCODING_KEY]: Buffer.from(encoding), [keyIdField]: Buffer.from(id) },
    data: Buffer.concat([nonce, ...sealed]),
  };
}

function decrypt(payload: Payload, keys: readonly PayloadKey[]): Payload {
  const id = textOf(payload, keyIdField);
  const key = keys.find((candidate) => candidate.id === id);
  if (!key) throw new PayloadKeyError(missing(id, keys));
  const data = Buffer.from(payload.data ?? []);
  try {
    const nonce = data.subarray(0, nonceBytes);
    const opening = createDecipheriv(cipher, key.secret, nonce, { authTagLength: tagBytes });
    opening.setAuthTag(data.subarray(-tagBytes));
    const plain = opening.update(data.subarray(nonceBytes, -tagBytes));
    return PayloadMessage.decode(Buffer.concat([plain, opening.final()]));
  } catch (cause) {
    const message = `Cannot decrypt a payload of key "${id}": the configured key with this id is a different one, or the payload is damaged`;
    throw new PayloadKeyError(message, { cause });
  }
}

function missing(id: string, keys: readonly PayloadKey[]): string {
  const have = keys.map((key) => `"${key.id}"`).join(', ');
  const known = have === '' ? 'none is set' : `known are ${have}`;
  return `Cannot decrypt a payload of key "${id}": add that key to PAYLOAD_KEYS (${known})`;
}

function isEncrypted(payload: Payload): boolean {
  return textOf(payload, METADATA_ENCODING_KEY) === encoding;
}

function textOf({ metadata }: Payload, field: string): string {
  return Buffer.from(metadata?.[field] ?? []).toString('utf8');
}

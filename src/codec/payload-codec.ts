import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { PayloadKeyError } from './payload-key-error.ts';
import type { PayloadKey } from './payload-keys.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const cipher = 'aes-256-gcm';
const encoding = 'binary/encrypted';
const keyIdField = 'encryption-key-id';
/** The nonce that GCM is made for. Random ones are safe for 2^32 payloads of one key (NIST SP 800-38D, 8.3). */
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts payloads with the first key, and decrypts those of every key; with none, it only says which key is missing.
 *
 * The bytes are those of Temporal's own samples in every language: nonce, ciphertext, tag, around the whole payload. So
 * a service in another language can start a video. That leaves no additional authenticated data: a codec server is
 * told no workflow, and a payload moves between runs (reset, memo). Of what stands beside the ciphertext only the key
 * id counts, and a wrong one fails at the tag.
 *
 * Payloads that are not encrypted are handed on: histories from before the switch, callers without keys.
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
    const message = `Cannot decrypt a payload of key "${id}": the key here is another one with the same id, or the payload is damaged`;
    throw new PayloadKeyError(message, { cause });
  }
}

function missing(id: string, keys: readonly PayloadKey[]): string {
  const have = keys.map((key) => `"${key.id}"`).join(', ');
  const known = have === '' ? 'none is set' : `known are ${have}`;
  return `Cannot decrypt a payload of key "${id}": put that key into PAYLOAD_KEYS (${known})`;
}

function isEncrypted(payload: Payload): boolean {
  return textOf(payload, METADATA_ENCODING_KEY) === encoding;
}

function textOf({ metadata }: Payload, field: string): string {
  return Buffer.from(metadata?.[field] ?? []).toString('utf8');
}

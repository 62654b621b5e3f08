import { createSecretKey, type KeyObject } from 'node:crypto';

/** An AES-256 key, with the id that is written into each payload. */
export interface PayloadKey {
  id: string;
  /** A KeyObject, so that the bytes are not printed by accident. */
  secret: KeyObject;
}

/** AES-256. */
const keyBytes = 32;
const advice = 'write `<key id>:<key>`, and make a key with `openssl rand -base64 32`';

/**
 * Parses `<key id>:<base64 of 32 bytes>`, several separated by commas or line breaks. The first key encrypts, all
 * decrypt. Error messages contain key ids only.
 *
 * @throws {RangeError} There is no key, or one is invalid.
 */
export function parsePayloadKeys(text: string): PayloadKey[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.length === 0) throw new RangeError(`holds no key: ${advice}`);
  const keys = entries.map(parseKey);
  const ids = keys.map(({ id }) => id);
  const twice = ids.find((id, nth) => ids.indexOf(id) !== nth);
  if (twice !== undefined) {
    throw new RangeError(`has key id "${twice}" twice: each key needs its own id`);
  }
  return keys;
}

function parseKey(entry: string, nth: number): PayloadKey {
  const [, id, base64 = ''] = /^([\w.-]+):([A-Za-z0-9+/]+={0,2})$/.exec(entry) ?? [];
  if (id === undefined) throw new RangeError(`cannot be read at key ${nth + 1}: ${advice}`);
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === keyBytes) return { id, secret: createSecretKey(bytes) };
  throw new RangeError(
    `has a key "${id}" of ${bytes.length} bytes, ${keyBytes} are needed: make one with \`openssl rand -base64 32\``,
  );
}

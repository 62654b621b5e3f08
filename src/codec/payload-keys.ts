import { createSecretKey, type KeyObject } from 'node:crypto';

/** A key of AES-256 and the name by which a payload says that it was encrypted with it. */
export interface PayloadKey {
  id: string;
  /** Prints as an opaque object, unlike its bytes. */
  secret: KeyObject;
}

/** AES-256. */
const keyBytes = 32;
const advice = 'write `<key id>:<key>`, and make a key with `openssl rand -base64 32`';

/**
 * Reads `<key id>:<base64 of 32 bytes>`, several separated by commas or lines; the first one encrypts, all decrypt. No
 * message shows any of it but key ids.
 *
 * @throws {RangeError} No key, or one that cannot be used.
 */
export function parsePayloadKeys(text: string): PayloadKey[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.length === 0) throw new RangeError(`holds no key: ${advice}`);
  const keys = entries.map(parseKey);
  const ids = keys.map(({ id }) => id);
  const twice = ids.find((id, nth) => ids.indexOf(id) !== nth);
  if (twice !== undefined) {
    throw new RangeError(`has key id "${twice}" twice: a key needs an id of its own`);
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

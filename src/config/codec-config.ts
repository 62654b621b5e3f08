import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parsePayloadKeys, type PayloadKey } from '../codec/payload-keys.ts';
import { ConfigError, parse, type Env } from './settings.ts';

const codecSchema = z.object({
  PAYLOAD_KEYS: z.string().exactOptional(),
  PAYLOAD_KEYS_FILE: z.string().exactOptional(),
});

const tokenRule = 'must be 16 or more letters and digits: make one with `openssl rand -hex 32`';
const codecServerSchema = z.object({
  CODEC_SERVER_TOKEN: z.string({ error: tokenRule }).regex(/^[\w.~-]{16,}$/, tokenRule),
});

/** The payload keys. The first one encrypts. Empty if encryption is off. @throws {ConfigError} */
export function codecConfig(env: Env): { keys: PayloadKey[] } {
  const { PAYLOAD_KEYS: text, PAYLOAD_KEYS_FILE: file } = parse(codecSchema, env);
  if (text !== undefined && file !== undefined) {
    throw new ConfigError('PAYLOAD_KEYS and PAYLOAD_KEYS_FILE are both set: remove one');
  }
  if (text !== undefined) return { keys: keysOf('PAYLOAD_KEYS', () => text) };
  if (file === undefined) return { keys: [] };
  return { keys: keysOf('PAYLOAD_KEYS_FILE', () => readFileSync(file, 'utf8')) };
}

/** Settings of the codec server. @throws {ConfigError} */
export function codecServerConfig(env: Env) {
  const { CODEC_SERVER_TOKEN: token } = parse(codecServerSchema, env);
  const { keys } = codecConfig(env);
  if (keys.length > 0) return { keys, token };
  throw new ConfigError('PAYLOAD_KEYS is not set: a codec server needs the keys of the workers');
}

function keysOf(name: string, read: () => string): PayloadKey[] {
  try {
    return parsePayloadKeys(read());
  } catch (cause) {
    const reason = cause instanceof RangeError ? cause.message : `cannot be read: ${String(cause)}`;
    throw new ConfigError(`${name} ${reason}`, { cause });
  }
}

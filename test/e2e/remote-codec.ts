import { startCodecServer, type CodecServer } from '../../src/codec/codec-server.ts';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { parsePayloadKeys } from '../../src/codec/payload-keys.ts';
import type { Harness } from './harness.ts';

const token = 'a-token-for-the-test';

/** The codec server of a harness with encryption; null without encryption. */
export async function remoteCodec({ env }: Harness): Promise<CodecServer | null> {
  const keys = env['PAYLOAD_KEYS'];
  if (!keys) return null;
  const codec = createPayloadCodec(parsePayloadKeys(keys));
  return startCodecServer({ codec, token, corsOrigins: [], host: '127.0.0.1', port: 0 });
}

/** The flags with which the `temporal` command uses it. */
export function codecFlags(server: CodecServer | null): string[] {
  return server ? ['--codec-endpoint', server.url, '--codec-auth', `Bearer ${token}`] : [];
}

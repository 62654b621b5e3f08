import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parsePayloadKeys } from '../../src/codec/payload-keys.ts';
import { codecConfig, codecServerConfig } from '../../src/config/codec-config.ts';
import { ConfigError } from '../../src/config/settings.ts';

const secret = randomBytes(32).toString('base64');
const token = 'a-token-of-26-characters..';
const idsOf = (env: Record<string, string>) => codecConfig(env).keys.map(({ id }) => id);

function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return String(error);
  }
  throw new Error('Expected a ConfigError');
}

describe('payload keys', () => {
  test('are off where nothing is set', () => {
    expect(codecConfig({})).toEqual({ keys: [] });
    expect(codecConfig({ PAYLOAD_KEYS: '', PAYLOAD_KEYS_FILE: '' })).toEqual({ keys: [] });
  });

  test('keep their order, which says which one encrypts', () => {
    expect(idsOf({ PAYLOAD_KEYS: `2026-b:${secret}, 2026-a:${secret}` })).toEqual([
      '2026-b',
      '2026-a',
    ]);
  });

  test('come from a file, one a line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onetake-keys-'));
    try {
      const path = join(folder, 'keys');
      await writeFile(path, `b:${secret}\na:${secret}\n`);
      expect(idsOf({ PAYLOAD_KEYS_FILE: path })).toEqual(['b', 'a']);
      expect(refusalOf(() => codecConfig({ PAYLOAD_KEYS_FILE: join(folder, 'none') }))).toMatch(
        /PAYLOAD_KEYS_FILE cannot be read: .*ENOENT/,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('do not show when they are printed', () => {
    const [key] = parsePayloadKeys(`a:${secret}`);
    expect(inspect(key, { depth: null, showHidden: true }) + JSON.stringify(key)).not.toContain(
      secret,
    );
    const hex = Buffer.from(secret, 'base64').toString('hex');
    expect(inspect(key, { depth: null, showHidden: true })).not.toContain(hex.slice(0, 8));
  });

  test.each([
    ['no id', secret],
    ['an id alone', 'a:'],
    ['a key of 16 bytes', `a:${randomBytes(16).toString('base64')}`],
    ['a key of 33 bytes', `a:${randomBytes(33).toString('base64')}`],
    ['hex in the place of base64', `a:${randomBytes(32).toString('hex')}`],
    ['other characters', `a:${'!'.repeat(44)}`],
    ['nothing but separators', ' , '],
  ])('with %s are refused, with what to do and without the secret', (_, text) => {
    const refusal = refusalOf(() => codecConfig({ PAYLOAD_KEYS: text }));
    expect(refusal).toMatch(/^ConfigError: PAYLOAD_KEYS .*openssl rand -base64 32/);
    const shown = text.replace('a:', '').trim();
    if (shown.length > 1) expect(refusal).not.toContain(shown);
  });

  test('with the same id twice are refused: nobody could tell which one is meant', () => {
    const twice = { PAYLOAD_KEYS: `a:${secret},a:${randomBytes(32).toString('base64')}` };
    expect(refusalOf(() => codecConfig(twice))).toContain('key id "a" twice');
  });

  test('from both places are refused', () => {
    const both = { PAYLOAD_KEYS: `a:${secret}`, PAYLOAD_KEYS_FILE: '/keys' };
    expect(refusalOf(() => codecConfig(both))).toContain('are both set');
  });
});

describe('a codec server', () => {
  test('needs keys, and a token that nobody guesses', () => {
    const PAYLOAD_KEYS = `a:${secret}`;
    expect(codecServerConfig({ PAYLOAD_KEYS, CODEC_SERVER_TOKEN: token })).toMatchObject({ token });
    expect(refusalOf(() => codecServerConfig({ CODEC_SERVER_TOKEN: token }))).toContain(
      'PAYLOAD_KEYS is not set',
    );
    for (const weak of ['', 'short', 'with spaces and / in it']) {
      const refusal = refusalOf(() =>
        codecServerConfig({ PAYLOAD_KEYS, CODEC_SERVER_TOKEN: weak }),
      );
      expect(refusal).toMatch(/^ConfigError: CODEC_SERVER_TOKEN .*openssl rand -hex 32/);
      if (weak !== '') expect(refusal).not.toContain(weak);
    }
  });
});

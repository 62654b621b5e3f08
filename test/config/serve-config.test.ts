import { describe, expect, test } from 'vitest';
import { serveConfig } from '../../src/config/serve-config.ts';
import { ConfigError } from '../../src/config/settings.ts';

test('an empty environment serves on loopback without API keys', () => {
  expect(serveConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8_787,
    withoutKey: 'retries',
    rate: { perSecond: 50, burst: 100 },
    streamsPerKey: 50,
  });
});

test('each variable has its effect', () => {
  const config = serveConfig({
    SERVE_HOST: '0.0.0.0',
    SERVE_PORT: '0',
    SERVE_KEYS_FILE: '/run/secrets/keys.json',
    SERVE_WITHOUT_KEY: 'identical',
    SERVE_RATE: '0.25',
    SERVE_STREAMS: '7',
    SERVE_PUBLIC_URL: 'https://video.example/api/',
  });
  expect(config).toEqual({
    host: '0.0.0.0',
    port: 0,
    keysFile: '/run/secrets/keys.json',
    withoutKey: 'identical',
    rate: { perSecond: 0.25, burst: 1 },
    streamsPerKey: 7,
    publicUrl: 'https://video.example/api',
  });
});

describe('without a keys file', () => {
  test.each(['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1', 'localhost', 'LOCALHOST'])(
    'the loopback host %s is allowed',
    (host) => {
      expect(serveConfig({ SERVE_HOST: host }).host).toBe(host);
    },
  );

  test.each([
    '0.0.0.0',
    '::',
    '10.0.0.1',
    'video.example',
    '127.0.0.1.example',
    '127.1',
    'localhost.example',
    '::ffff:10.0.0.1',
    '2001:db8::1',
  ])('the host %s is refused with the command that creates a key', (host) => {
    const read = () => serveConfig({ SERVE_HOST: host });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('onetake keys create');
    expect(read).toThrow(`"${host}"`);
    expect(serveConfig({ SERVE_HOST: host, SERVE_KEYS_FILE: 'keys.json' }).host).toBe(host);
  });

  test('an empty SERVE_KEYS_FILE does not count as a keys file', () => {
    const read = () => serveConfig({ SERVE_HOST: '0.0.0.0', SERVE_KEYS_FILE: '' });
    expect(read).toThrow('SERVE_KEYS_FILE is not set');
  });
});

test.each([
  ['SERVE_PORT', '65536'],
  ['SERVE_PORT', 'http'],
  ['SERVE_WITHOUT_KEY', 'always'],
  ['SERVE_RATE', '0'],
  ['SERVE_RATE', 'Infinity'],
  ['SERVE_RATE', 'fast'],
  ['SERVE_STREAMS', '1.5'],
  ['SERVE_STREAMS', '0'],
  ['SERVE_PUBLIC_URL', 'video.example'],
  ['SERVE_PUBLIC_URL', 'ftp://video.example'],
  ['SERVE_PUBLIC_URL', 'https://video.example/?a=1'],
  ['SERVE_PUBLIC_URL', 'https://video.example/#a'],
])('%s=%s is refused by name', (name, value) => {
  const read = () => serveConfig({ [name]: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(name);
});

import { describe, expect, test } from 'vitest';
import { proxyFor, proxyName } from '../../src/egress/proxy-for.ts';
import { readProxies } from '../../src/egress/read-proxies.ts';

const proxy = 'http://proxy.test:7890/';
const both = { httpsProxy: proxy, httpProxy: proxy };

describe('NO_PROXY', () => {
  test.each([
    ['', 'https://gateway.test', true],
    ['*', 'https://gateway.test', false],
    ['gateway.test', 'https://gateway.test', false],
    ['gateway.test', 'https://media.gateway.test', false],
    ['.gateway.test', 'https://media.gateway.test', false],
    ['*.gateway.test', 'https://media.gateway.test', false],
    ['gateway.test', 'https://othergateway.test', true],
    ['GATEWAY.test', 'https://gateway.test', false],
    ['a.test, gateway.test b.test', 'https://gateway.test', false],
    ['gateway.test:8443', 'https://gateway.test:8443', false],
    ['gateway.test:8443', 'https://gateway.test', true],
    ['gateway.test:443', 'https://gateway.test', false],
    ['10.0.0.0/8', 'http://10.1.2.3:9000', false],
    ['10.0.0.0/8', 'http://11.1.2.3:9000', true],
    ['10.1.2.3', 'http://10.1.2.3:9000', false],
    ['fd00::/8', 'http://[fd00::1]:9000', false],
    ['[fd00::1]', 'http://[fd00::1]:9000', false],
    ['10.0.0.0/99', 'http://10.1.2.3', true],
  ])('"%s": "%s" takes the proxy: %s', (noProxy, origin, isProxied) => {
    expect(proxyFor({ ...both, noProxy })(origin) !== undefined).toBe(isProxied);
  });
});

describe('a host on this machine is never asked through a proxy', () => {
  test.each([
    'http://localhost:7233',
    'https://localhost',
    'http://api.localhost',
    'http://127.0.0.1:8080',
    'http://127.8.9.10',
    'http://[::1]:9000',
  ])('%s', (origin) => {
    expect(proxyFor(both)(origin)).toBeUndefined();
  });
});

describe('the variables of the environment', () => {
  test('are read in both spellings, and the lower-case one wins', () => {
    const upper = { HTTPS_PROXY: 'http://upper.test:1' };
    expect(readProxies(upper)?.httpsProxy).toBe('http://upper.test:1/');
    expect(readProxies({ ...upper, https_proxy: 'http://lower.test:2' })?.httpsProxy).toBe(
      'http://lower.test:2/',
    );
  });

  test('are proxies of their scheme alone', () => {
    const settings = readProxies({ HTTPS_PROXY: proxy });
    expect(proxyFor(settings ?? {})('https://gateway.test')?.href).toBe(proxy);
    expect(proxyFor(settings ?? {})('http://gateway.test')).toBeUndefined();
  });

  test('may leave out the scheme, as for curl', () => {
    expect(readProxies({ http_proxy: '10.0.0.1:3128' })?.httpProxy).toBe('http://10.0.0.1:3128/');
  });

  test('that are empty or missing mean no proxy', () => {
    expect(readProxies({ HTTPS_PROXY: '', https_proxy: ' ', NO_PROXY: '*' })).toBeUndefined();
  });

  test.each(['socks5://127.0.0.1:7891', 'http://', 'not an address://'])(
    '"%s" is refused by the name of its variable',
    (https_proxy) => {
      expect(() => readProxies({ https_proxy })).toThrow(/^https_proxy must be the URL of/);
    },
  );
});

test('a proxy is shown without its credentials', () => {
  expect(proxyName(new URL('http://name:secret@proxy.test:7890'))).toBe('http://proxy.test:7890');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPrivateAddress } from '../../src/egress/address-guard.ts';
import {
  checkApiKey,
  parseBaseUrl,
  parseTrustedOrigin,
} from '../../src/gateway/transport/base-url.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { parseRawUrl, resolveLocation, speakableUrl } from '../../src/gateway/transport/raw-url.ts';

describe('isPrivateAddress()', () => {
  const refused =
    '0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 172.31.9.9 192.168.1.1 198.18.0.1 224.0.0.1 255.255.255.255 :: ::1 ::ffff:10.0.0.1 ::ffff:7f00:1 ::10.0.0.1 64:ff9b::a00:1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2002:a00:1:: 2001:db8::1 localhost';
  const allowed =
    '1.1.1.1 8.8.8.8 100.63.0.1 100.128.0.1 172.15.0.1 172.32.0.1 192.167.1.1 ::ffff:8.8.8.8 64:ff9b::808:808 2606:4700::1111';

  test.each(refused.split(' '))('%s is', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(allowed.split(' '))('%s is not', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('parseBaseUrl()', () => {
  test.each([
    ['https://88api.ai', 'https://88api.ai'],
    ['https://88api.ai/', 'https://88api.ai'],
    ['https://88api.ai/v1', 'https://88api.ai'],
    ['https://88api.ai//v1//', 'https://88api.ai'],
    ['HTTPS://88API.ai:443/v1/', 'https://88api.ai'],
    ['http://127.0.0.1:3000/gate/v1', 'http://127.0.0.1:3000/gate'],
  ])('%s becomes %s', (text, href) => {
    expect(parseBaseUrl(text).href).toBe(href);
  });

  test.each([
    '',
    'ftp://x',
    '88api.ai',
    'https://u:secret@x',
    'https://x/?k=secret',
    'https://x/#a',
  ])('"%s" is refused, and its secrets are not said', (text) => {
    expect(() => parseBaseUrl(text)).toThrow(RangeError);
    expect(() => parseBaseUrl(text)).not.toThrow(/secret/);
  });
});

test('keys that are invalid in a header are refused, and the message does not contain them', () => {
  for (const key of ['', 'sk a', 'sk-x\n', 'sk-ключ']) {
    expect(() => checkApiKey(key)).toThrow(RangeError);
    if (key !== '') expect(() => checkApiKey(key)).not.toThrow(new RegExp(key.trim()));
  }
  expect(() => createGateway({ baseUrl: 'https://x', apiKey: '' })).toThrow(RangeError);
});

test('a trusted origin is an origin', () => {
  expect(parseTrustedOrigin('http://127.0.0.1:80/')).toBe('http://127.0.0.1');
  for (const text of ['media', 'https://m/x', 'https://m/?a', 'file:///x']) {
    expect(() => parseTrustedOrigin(text)).toThrow(RangeError);
  }
});

describe('parseRawUrl()', () => {
  test('keeps every visible character of path and query', () => {
    const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    const text = fc.string({ unit: visible }).map((part) => part.replaceAll('#', ''));
    fc.assert(
      fc.property(text, (rest) => {
        expect(parseRawUrl(`https://m.example/${rest}`)?.path).toBe(`/${rest}`);
      }),
    );
  });

  test('encodes what cannot stand in a request line', () => {
    expect(parseRawUrl('https://m.example/视频 1.mp4?x=é')?.path).toBe(
      '/%E8%A7%86%E9%A2%91%201.mp4?x=%C3%A9',
    );
    expect(parseRawUrl('https://m.example')?.path).toBe('/');
    expect(parseRawUrl('https://m.example?x')?.path).toBe('/?x');
  });

  test('refuses what could be read in two ways', () => {
    const urls = [
      'https://a@b/',
      'https://a\\b/',
      'https:// a/',
      'https://a/\r\nX: y',
      'ftp://a',
      '//a',
      '',
      'https://',
    ];
    expect(urls.map(parseRawUrl)).toEqual(urls.map(() => undefined));
  });
});

test.each([
  ['https://b.example/x?y', 'https://b.example/x?y'],
  ['//b.example/x', 'https://b.example/x'],
  ["/x?s='%2f", "https://a.example/x?s='%2f"],
  ['y.mp4?s=/../', 'https://a.example/p/q/y.mp4?s=/../'],
  ['../y', 'https://a.example/p/y'],
  ['./', 'https://a.example/p/q/'],
  ['../../../..', 'https://a.example/'],
  ['?z', 'https://a.example/p/q/r?z'],
  ['file:///x', 'file:///x'],
])('Location "%s" means %s', (location, expected) => {
  const from = { origin: 'https://a.example', path: '/p/q/r?old=1' };
  expect(resolveLocation(from, location)).toBe(expected);
});

test('an address is spoken without its query', () => {
  expect(speakableUrl('https://a.example/x?sig=1#f')).toBe('https://a.example/x');
  expect(speakableUrl('data:video/mp4;base64,AAAA')).toBe('data:');
  expect(speakableUrl('gs://b/x?sig=1')).toBe('gs://b/x');
});

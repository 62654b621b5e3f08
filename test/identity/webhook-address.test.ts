import { describe, expect, test } from 'vitest';
import {
  isCallbackAllowed,
  readCallbackHost,
  readWebhookUrl,
} from '../../src/identity/webhook-address.ts';

describe('the address of a webhook', () => {
  test.each([
    ['https://hooks.example.com/onetake?a=1', 'https://hooks.example.com/onetake?a=1'],
    ['HTTPS://Hooks.Example.com:443', 'https://hooks.example.com/'],
  ])('may be a public https address: %s', (given, read) => {
    expect(readWebhookUrl(given)).toBe(read);
  });

  test.each([
    ['http://hooks.example.com/', 'must begin with https://'],
    ['ftp://hooks.example.com/', 'must be an https address'],
    ['hooks.example.com', 'must be an https address'],
    ['https://user:secret@hooks.example.com/', 'user name or password'],
    ['https://hooks.example.com/#part', 'fragment'],
    ['https://10.0.0.1/', 'not an IP address'],
    ['https://[::1]/', 'not an IP address'],
    ['https://0x7f000001/', 'not an IP address'],
    ['https://localhost/', 'public host name'],
    ['https://metadata.google.internal/', 'public host name'],
    ['https://intranet/', 'public host name'],
    [`https://hooks.example.com/${'a'.repeat(2_100)}`, 'longer than 2048'],
  ])('may not be %s', (given, fault) => {
    expect(() => readWebhookUrl(given)).toThrow(fault);
  });

  test('may be plain http and local on a trusted origin only', () => {
    const options = { trustedOrigins: ['http://127.0.0.1:9000'] };
    expect(readWebhookUrl('http://127.0.0.1:9000/a', options)).toBe('http://127.0.0.1:9000/a');
    expect(() => readWebhookUrl('http://127.0.0.1:9001/a', options)).toThrow('https://');
  });
});

describe('the host of callbacks', () => {
  test('is a host name with an optional port', () => {
    expect(readCallbackHost('Hooks.Example.com')).toBe('hooks.example.com');
    expect(readCallbackHost('hooks.example.com:8443')).toBe('hooks.example.com:8443');
  });

  test.each([
    'https://hooks.example.com',
    'hooks.example.com/a',
    'a@b.example',
    '*',
    '',
    'localhost',
  ])('may not be "%s"', (given) => {
    expect(() => readCallbackHost(given)).toThrow(RangeError);
  });

  test('allows only https addresses on exactly this host and port', () => {
    const allowed = (url: string) => isCallbackAllowed(url, ['hooks.example.com']);
    expect(allowed('https://hooks.example.com/a?b=c')).toBe(true);
    expect(allowed('https://hooks.example.com:8443/')).toBe(false);
    expect(allowed('https://other.example.com/')).toBe(false);
    expect(allowed('https://hooks.example.com.evil.example/')).toBe(false);
    expect(allowed('https://hooks.example.com@evil.example/')).toBe(false);
    expect(allowed('http://hooks.example.com/')).toBe(false);
  });

  test('is allowed to be local on a trusted origin', () => {
    const options = { trustedOrigins: ['http://127.0.0.1:9000'] };
    expect(readCallbackHost('127.0.0.1:9000', options)).toBe('127.0.0.1:9000');
    expect(isCallbackAllowed('http://127.0.0.1:9000/a', ['127.0.0.1:9000'], options)).toBe(true);
    expect(isCallbackAllowed('http://127.0.0.1:9000/a', ['127.0.0.1:9000'])).toBe(false);
  });
});

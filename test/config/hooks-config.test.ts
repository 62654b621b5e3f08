import { expect, test } from 'vitest';
import { hooksConfig } from '../../src/config/hooks-config.ts';

test('callbacks are off by default', () => {
  expect(hooksConfig({})).toEqual({ host: '127.0.0.1' });
});

test.each([
  ['https://hooks.example/', 'https://hooks.example'],
  ['https://example.com/onetake/', 'https://example.com/onetake'],
  ['http://127.0.0.1:8790', 'http://127.0.0.1:8790'],
  ['http://[::1]:8790', 'http://[::1]:8790'],
  ['http://localhost:8790', 'http://localhost:8790'],
])('the public address %s is used as %s', (given, used) => {
  expect(hooksConfig({ HOOKS_PUBLIC_URL: given }).publicUrl).toBe(used);
});

test.each([
  'http://hooks.example',
  'http://192.168.1.2:8790',
  'https://user:password@hooks.example',
  'https://hooks.example?key=1',
  'https://hooks.example#top',
  'ftp://hooks.example',
  'hooks.example',
])('the public address %s is refused', (given) => {
  expect(() => hooksConfig({ HOOKS_PUBLIC_URL: given })).toThrow(/^HOOKS_PUBLIC_URL must /);
});

test.each(['0', '65536', 'x'])('the port %s is refused', (given) => {
  expect(() => hooksConfig({ HOOKS_PORT: given })).toThrow(/^HOOKS_PORT /);
});

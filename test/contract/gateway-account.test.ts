import { expect, test } from 'vitest';
import {
  matchAccounts,
  type AccountMatch,
  type GatewayAccount,
} from '../../src/contract/gateway-account.ts';

const gateway = 'https://gateway.test';
const paid = { gateway, keyDigest: 'a', name: 'red', userId: '1' };
const only = ({ keyDigest = 'b', ...rest }: Partial<GatewayAccount>): GatewayAccount => ({
  gateway,
  keyDigest,
  ...rest,
});

test.each<[AccountMatch, string, GatewayAccount]>([
  ['same key', 'the key is the one that paid', only({ keyDigest: 'a' })],
  ['same key', 'the key is, whatever it is called', { ...paid, name: 'blue', userId: '2' }],
  ['other key', 'the key was replaced and nothing names the account', only({})],
  ['other key', 'the key was replaced and the name stayed', only({ name: 'red' })],
  ['other key', 'the user id is the same, whatever it is called', only({ name: 'x', userId: '1' })],
  ['other account', 'the names differ', only({ name: 'blue' })],
  ['other account', 'the user ids differ', only({ name: 'red', userId: '2' })],
  [
    'other key',
    'user ids of two gateways',
    { ...only({ userId: '2' }), gateway: 'https://b.test' },
  ],
])('%s, where %s', (match, _, own) => {
  expect(matchAccounts(paid, own)).toBe(match);
});

test('an unnamed account with another key is reported as another key, not as another account', () => {
  expect(matchAccounts(only({ keyDigest: 'a' }), { ...paid, keyDigest: 'b' })).toBe('other key');
});

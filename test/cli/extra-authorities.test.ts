import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/context.ts';
import { addExtraAuthorities } from '../../src/cli/extra-authorities.ts';

const path = fileURLToPath(new URL('../fixtures/tls/media.test.crt', import.meta.url));
const env = { NODE_EXTRA_CA_CERTS: path };

function nodeWith(known: string[]) {
  return {
    getCACertificates: () => known,
    setDefaultCACertificates: (certificates: readonly string[]) => void known.push(...certificates),
  };
}

describe('NODE_EXTRA_CA_CERTS in .env', () => {
  test('is added to what this Node trusts', () => {
    const known = ['root'];
    expect(addExtraAuthorities({ env, atStart: {} }, nodeWith(known))).toBeUndefined();
    expect(known.at(-1)).toContain('BEGIN CERTIFICATE');
  });

  test('has no effect with an older Node, which is said', () => {
    expect(addExtraAuthorities({ env, atStart: {} }, {})).toContain('has no effect');
  });

  test('is not read where Node has read it at its start, or where there is none', () => {
    const known: string[] = [];
    addExtraAuthorities({ env, atStart: env }, nodeWith(known));
    addExtraAuthorities({ env: {}, atStart: {} }, nodeWith(known));
    expect(known).toEqual([]);
  });

  test('names the file that cannot be read', () => {
    const missing = { NODE_EXTRA_CA_CERTS: '/nowhere.pem' };
    expect(() => addExtraAuthorities({ env: missing, atStart: {} }, {})).toThrow(UsageError);
  });
});

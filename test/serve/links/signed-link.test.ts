import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLink, signLink, type Link } from '../../../src/serve/links/signed-link.ts';

const secret = 'a secret of the server';
const nowMs = Date.parse('2026-11-30T10:00:00.500Z');
const nowSeconds = Math.floor(nowMs / 1000);
const link: Link = {
  videoId: 'video_1f0e',
  tenant: { name: 'acme', keyId: 'k_1' },
  expiresAtSeconds: nowSeconds + 900,
};
const { videoId, tenant } = link;

function queryOf(given: Link, signedWith = secret): URLSearchParams {
  return new URLSearchParams({ ...signLink(given, signedWith) });
}

function read(query: URLSearchParams, at: { videoId?: string; nowMs?: number } = {}) {
  return readLink(query, { videoId, secret, nowMs, ...at });
}

const text = fc.string({ unit: 'binary-ascii', maxLength: 20 });
const links = fc.record<Link>({
  videoId: text,
  tenant: fc.record({ name: fc.string({ minLength: 1 }), keyId: fc.option(text) }),
  expiresAtSeconds: fc.integer({ min: nowSeconds + 1, max: nowSeconds + 3_600 }),
});

describe('a signed link', () => {
  test('gives back its tenant for its video', () => {
    fc.assert(
      fc.property(links, (given) => {
        const found = read(queryOf(given), { videoId: given.videoId });
        expect(found).toEqual(given.tenant);
      }),
    );
  });

  test('is refused when one of its parameters changes', () => {
    const name = fc.constantFrom('expires', 'tenant', 'key', 'sig');
    fc.assert(
      fc.property(links, name, fc.option(text), (given, changed, value) => {
        const query = queryOf(given);
        fc.pre(query.get(changed) !== value);
        if (value === null) query.delete(changed);
        else query.set(changed, value);
        expect(read(query, { videoId: given.videoId })).toBeNull();
      }),
    );
  });

  test('is refused for another video', () => {
    expect(read(queryOf(link), { videoId: 'video_2' })).toBeNull();
  });

  test('of other fields with the same characters has another signature', () => {
    const shifted = { ...link, tenant: { name: 'acmek_', keyId: '1' } };
    expect(signLink(shifted, secret).sig).not.toBe(signLink(link, secret).sig);
    const without = { ...link, tenant: { name: 'acme', keyId: null } };
    const empty = { ...link, tenant: { name: 'acme', keyId: '' } };
    expect(signLink(without, secret).sig).not.toBe(signLink(empty, secret).sig);
  });

  test('is refused if it was signed with another secret', () => {
    expect(read(queryOf(link, 'another secret'))).toBeNull();
  });

  test('expires', () => {
    const expiresMs = link.expiresAtSeconds * 1000;
    expect(read(queryOf(link), { nowMs: expiresMs - 1 })).toEqual(tenant);
    expect(read(queryOf(link), { nowMs: expiresMs })).toBeNull();
  });

  test('that is valid for more than an hour is refused, although its signature is right', () => {
    const hour = { ...link, expiresAtSeconds: nowSeconds + 3_600 };
    const longer = { ...link, expiresAtSeconds: nowSeconds + 3_602 };
    expect(read(queryOf(hour))).toEqual(tenant);
    expect(read(queryOf(longer))).toBeNull();
  });

  test.each([
    `0${link.expiresAtSeconds}`,
    `${link.expiresAtSeconds}.0`,
    ` ${link.expiresAtSeconds}`,
  ])('with its expiry spelled %j is refused', (expires) => {
    const query = queryOf(link);
    query.set('expires', expires);
    expect(read(query)).toBeNull();
  });

  test('shows nothing but expiry, tenant, id of the key and signature', () => {
    expect(signLink(link, secret)).toEqual({
      expires: String(link.expiresAtSeconds),
      tenant: 'acme',
      key: 'k_1',
      sig: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(signLink({ ...link, tenant: { name: 'acme', keyId: null } }, secret)).not.toHaveProperty(
      'key',
    );
  });
});

test('a query without parameters is no link', () => {
  expect(read(new URLSearchParams())).toBeNull();
});

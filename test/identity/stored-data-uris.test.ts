import { describe, expect, test } from 'vitest';
import { maxInlineChars } from '../../src/contract/stored-inputs.ts';
import { evaluateRequest } from '../../src/contract/models/evaluate-request.ts';
import { readRequest } from '../../src/contract/read-request.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { formDigest, requestDigest } from '../../src/identity/request-digest.ts';
import { inlineDataUris, redigest, storeDataUris } from '../../src/identity/stored-data-uris.ts';
import { dataUri, digestBefore, inlineRequest } from '../fakes/data-uris.ts';

/** A storage of texts. */
function texts() {
  const kept = new Map<string, string>();
  return {
    kept,
    store: async (text: string, sha256: string) => void kept.set(sha256, text),
    read: async (sha256: string) => kept.get(sha256) ?? null,
  };
}

async function storedRequest(request: VideoRequest = inlineRequest) {
  const place = texts();
  return { ...place, request: await storeDataUris(request, place.store) };
}

describe('a request whose long data URI is stored', () => {
  test('has the digest that earlier versions gave to the same bytes inline', async () => {
    const { request } = await storedRequest();
    expect(requestDigest(inlineRequest)).toBe(digestBefore);
    expect(requestDigest(request)).toBe(digestBefore);
    expect(JSON.stringify(request)).not.toContain('AAAA');
    expect(readRequest(request)).toEqual({ ok: true, request });
  });

  test.each([
    ['in canonical Base64', dataUri],
    [
      'with line breaks in its Base64',
      `data:image/png;base64,${`${'A'.repeat(76)}\n`.repeat(120)}`,
    ],
    ['without padding, in capitals', `DATA:IMAGE/PNG;charset=x;BASE64,${'Q'.repeat(9_001)}`],
    ['that is no Base64', `data:image/svg+xml,<svg>${'<g/>'.repeat(3_000)}ä</svg>`],
  ])('%s is sent as it was given', async (_title, uri) => {
    const given: VideoRequest = {
      format: 'videos',
      body: {
        model: 'm',
        metadata: { referenceImages: ['https://a.test/b.png', uri] },
        prompt: 'p',
      },
    };
    const { request, read } = await storedRequest(given);
    expect(JSON.stringify(await inlineDataUris(request, read))).toBe(JSON.stringify(given));
  });

  test('is another request once it was changed, and is not sent', async () => {
    const { request, read } = await storedRequest();
    const changed = { ...request, body: { ...request.body, prompt: 'another' } };
    expect(requestDigest(changed)).not.toBe(digestBefore);
    await expect(inlineDataUris(changed, read)).rejects.toThrow(/pass the data URIs again/);
    const { asGiven: _, ...bare } = request;
    await expect(inlineDataUris(bare, read)).rejects.toThrow(RangeError);
  });

  test('is not sent with a digest of another request', async () => {
    const { request, read } = await storedRequest();
    const lie = { ...request.asGiven, requestDigest: 'f'.repeat(64) };
    const lying = { ...request, asGiven: lie } as VideoRequest;
    await expect(inlineDataUris(lying, read)).rejects.toThrow(RangeError);
  });

  test('that has no reference to one is not sent with a digest of another request', async () => {
    const { request, read } = await storedRequest();
    const body = { model: 'm', prompt: 'p' };
    const storedDigest = formDigest({ format: 'videos', body });
    const asGiven = { storedDigest, requestDigest: 'f'.repeat(64) };
    const lying: VideoRequest = { ...request, format: 'videos', body, asGiven };
    await expect(inlineDataUris(lying, read)).rejects.toThrow(RangeError);
  });

  test('is not sent without what was stored', async () => {
    const { request, kept, read } = await storedRequest();
    kept.clear();
    await expect(inlineDataUris(request, read)).rejects.toThrow(/is not stored/);
  });

  test('gets the digest of the changed request when it is changed on purpose', async () => {
    const { request, read } = await storedRequest();
    const body = { prompt: 'p 2026-11-23' };
    const dated = await redigest({ ...request, body: { ...request.body, ...body } }, read);
    const inline = { ...inlineRequest, body: { ...inlineRequest.body, ...body } };
    expect(requestDigest(dated)).toBe(requestDigest(inline));
    expect(await inlineDataUris(dated, read)).toEqual(inline);
  });

  test('is judged as the data URI that it stands for', async () => {
    const grok = { ...inlineRequest, body: { ...inlineRequest.body, model: 'grok-imagine-video' } };
    const { request } = await storedRequest(grok);
    const judged = evaluateRequest(request, {}).refusals;
    expect(judged).toEqual(evaluateRequest(grok, {}).refusals);
    expect(judged).toMatchObject([{ field: 'image' }]);
  });
});

test('a short data URI, an address and a long prompt stay as they are', async () => {
  const short = dataUri.slice(0, maxInlineChars);
  const body = {
    model: 'm',
    prompt: 'p'.repeat(9_000),
    image: short,
    images: ['https://a.test/a'],
  };
  const { request, kept } = await storedRequest({ format: 'videos', body });
  expect(request).toEqual({ format: 'videos', body });
  expect(kept.size).toBe(0);
});

import { expect, test } from 'vitest';
import { callbackUrlsOf, joinedOf } from '../../src/contract/callback-url.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';

const [own, inBody, joined] = ['https://a.example/', 'https://b.example/', 'https://c.example/'];
const request: VideoRequest = {
  format: 'videos',
  body: { model: 'sora-2', prompt: 'a lighthouse', callback_url: inBody },
};

test('a run that continues as new keeps the callbacks of joined callers apart from its own', () => {
  const input = { request, callbackUrls: [own] };
  const joinedCallbackUrls = joinedOf(input, [own, inBody, joined]);
  expect(joinedCallbackUrls).toEqual([joined]);
  expect(callbackUrlsOf({ ...input, joinedCallbackUrls })).toEqual([own, inBody, joined]);
});

test('a caller that joins with a callback of the start adds none', () => {
  expect(joinedOf({ request, callbackUrls: [own] }, [own, inBody, own])).toEqual([]);
});

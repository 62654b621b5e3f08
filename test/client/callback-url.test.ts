import { describe, expect, test } from 'vitest';
import { startVideo } from '../../src/client/start-video.ts';
import type { AskedCallback } from '../../src/contract/callback-url.ts';
import type { GenerateVideoInput } from '../../src/contract/messages.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { videoId } from '../../src/identity/workflow-id.ts';
import { createFakeClient } from '../fakes/fake-client.ts';

const url = 'https://hooks.example.com/done';
const request: VideoRequest = {
  format: 'videos',
  body: { model: 'sora-2', prompt: 'a lighthouse', seconds: '8' },
};
const withCallback: VideoRequest = { ...request, body: { ...request.body, callback_url: url } };

interface StartOptions {
  workflowId: string;
  args: [GenerateVideoInput];
  memo: unknown;
}

function startedWith({ calls }: ReturnType<typeof createFakeClient>) {
  const { given } = calls.find(({ name }) => name === 'start') ?? { given: [] };
  return given[1] as StartOptions;
}

describe('the callback_url of a request', () => {
  test('is taken out of the body, and is not part of the digest', async () => {
    const fake = createFakeClient({ start: ['run-1'] });
    const { warnings } = await startVideo({ client: fake.client }, withCallback, { key: 'demo' });
    const { args, memo } = startedWith(fake);
    expect(args[0]).toMatchObject({ request, callbackUrls: [url] });
    expect(args[0].request).toEqual(request);
    expect(memo).toMatchObject({ requestDigest: requestDigest(request) });
    expect(warnings).toEqual([]);
  });

  test('does not change the id of a video without a key', async () => {
    const fake = createFakeClient({ start: ['run-1'] });
    await startVideo({ client: fake.client }, withCallback);
    expect(startedWith(fake).workflowId).toBe(videoId(request));
  });

  test('leaves the vendor its own in the metadata', async () => {
    const fake = createFakeClient({ start: ['run-1'] });
    const metadata = { callback_url: url };
    const given = { ...request, body: { ...request.body, metadata } };
    await startVideo({ client: fake.client }, given, { key: 'demo' });
    expect(startedWith(fake).args[0].request.body['metadata']).toEqual(metadata);
    expect(startedWith(fake).args[0]).not.toHaveProperty('callbackUrls');
  });

  test.each([null, ''])('is left out if it is %j', async (callback_url) => {
    const fake = createFakeClient({ start: ['run-1'] });
    const given = { ...request, body: { ...request.body, callback_url } };
    await startVideo({ client: fake.client }, given, { key: 'demo' });
    expect(startedWith(fake).args[0].request).toEqual(request);
    expect(startedWith(fake).args[0]).not.toHaveProperty('callbackUrls');
  });

  test('is refused before anything is started, if it is no text or the check refuses it', async () => {
    const asked: AskedCallback[] = [];
    const checkCallback = async (callback: AskedCallback) => {
      asked.push(callback);
      return 'no webhook endpoint allows it';
    };
    const { client, calls } = createFakeClient({});
    const start = (body: VideoRequest['body']) =>
      startVideo({ client, checkCallback }, { ...request, body }, { key: '@acme/video_1' });
    await expect(start(withCallback.body)).rejects.toMatchObject({
      kind: 'invalid_request',
      field: 'body.callback_url',
      message: '"callback_url": no webhook endpoint allows it',
    });
    await expect(start({ ...request.body, callback_url: 7 })).rejects.toMatchObject({
      kind: 'invalid_request',
      field: 'body.callback_url',
    });
    expect(asked).toEqual([{ url, workflowId: 'video/@acme/video_1' }]);
    expect(calls).toEqual([]);
  });
});

describe('a video with a callback_url that already exists', () => {
  const waiterId = 'me';

  test('is joined with the callback of the joining caller', async () => {
    const memo = { requestDigest: requestDigest(request) };
    const { client, calls } = createFakeClient({ start: ['taken'], runs: [{ memo }] });
    await startVideo({ client }, withCallback, { key: 'demo', waiterId });
    const joins = calls.filter(({ name }) => name === 'signal');
    expect(joins.map(({ given }) => given[2])).toEqual([
      { waiterId, asker: waiterId, callbackUrl: url },
    ]);
  });

  test.each([
    ['by name, which leaves the field in the body', { input: { request: withCallback } }],
    ['by an earlier version', { memo: { requestDigest: requestDigest(withCallback) } }],
  ])('is the same request if it was started %s', async (_how, run) => {
    const { client } = createFakeClient({ start: ['taken'], runs: [run] });
    const { outcome } = await startVideo({ client }, withCallback, { key: 'demo' });
    expect(outcome).toBe('joined');
  });

  test('and has the id that an earlier version gave it is not paid again', async () => {
    const memo = { requestDigest: requestDigest(withCallback) };
    const foundAs = videoId(withCallback);
    const fake = createFakeClient({ start: ['taken'], runs: [{ memo, foundAs }] });
    const { outcome, videoId: found } = await startVideo({ client: fake.client }, withCallback);
    expect({ outcome, found }).toEqual({ outcome: 'joined', found: foundAs });
    expect(startedWith(fake).workflowId).toBe(foundAs);
  });
});

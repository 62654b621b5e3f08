import { expect, test } from 'vitest';
import { startVideo } from '../../src/client/start-video.ts';
import { maxTextChars } from '../../src/contract/stored-inputs.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { imageKey } from '../../src/identity/object-key.ts';
import { storeDataUris } from '../../src/identity/stored-data-uris.ts';
import { createFakeClient, type ClientScript } from '../fakes/fake-client.ts';
import { dataUri, digestBefore, inlineRequest } from '../fakes/data-uris.ts';

/** A client with a storage for inputs. */
function clientWithInputs(script: ClientScript) {
  const { client, calls } = createFakeClient(script);
  const written = new Map<string, string>();
  const inputs = {
    writeSmall: async (key: string, bytes: Uint8Array) => {
      written.set(key, Buffer.from(bytes).toString('utf8'));
    },
  };
  return { client, calls, inputs, written };
}

test('a client with a storage for inputs starts a video under the same id as before, and its bytes enter no history', async () => {
  const { client, calls, inputs, written } = clientWithInputs({ start: ['run-1'] });
  const { videoId } = await startVideo({ client, inputs }, inlineRequest);
  const [start] = calls.filter(({ name }) => name === 'start');
  expect(videoId).toBe(`video/${digestBefore}`);
  expect(start?.given[1]).toMatchObject({ memo: { requestDigest: digestBefore } });
  expect(JSON.stringify(start)).not.toContain('AAAA');
  const [[key, text] = []] = [...written];
  expect(key).toBe(imageKey(key?.slice('images/'.length) ?? ''));
  expect(text).toBe(dataUri);
});

test('a client without a storage for inputs starts the request unchanged', async () => {
  const { client, calls } = createFakeClient({ start: ['run-1'] });
  const { videoId } = await startVideo({ client }, inlineRequest);
  expect(videoId).toBe(`video/${digestBefore}`);
  const [start] = calls.filter(({ name }) => name === 'start');
  expect(start?.given[1]).toMatchObject({ args: [{ request: inlineRequest }] });
});

test('a refused request stores nothing', async () => {
  const { client, inputs, written } = clientWithInputs({ start: ['run-1'] });
  const body = { ...inlineRequest.body, model: 'grok-imagine-video' };
  const starting = startVideo({ client, inputs }, { format: 'videos', body });
  await expect(starting).rejects.toMatchObject({ kind: 'invalid_request' });
  expect(written.size).toBe(0);
});

test('a data URI that no worker would read is refused before anything is stored or started', async () => {
  const { client, calls, inputs, written } = clientWithInputs({ start: ['run-1'] });
  const image = `data:image/png;base64,${'A'.repeat(maxTextChars)}`;
  const given: VideoRequest = { format: 'videos', body: { ...inlineRequest.body, image } };
  await expect(startVideo({ client, inputs }, given)).rejects.toMatchObject({
    kind: 'invalid_request',
  });
  expect(written.size).toBe(0);
  expect(calls).toEqual([]);
});

test.each([
  ['with a digest in its memo', { memo: { requestDigest: digestBefore } }],
  ['started by name, with inline bytes', { input: { request: inlineRequest } }],
])('a run %s is joined by the same request, stored and inline', async (_title, run) => {
  const stored = await storeDataUris(inlineRequest, async () => {});
  for (const request of [stored, inlineRequest]) {
    const { client } = createFakeClient({ runs: [run] });
    expect(await startVideo({ client }, request, { key: 'mine' })).toMatchObject({
      outcome: 'joined',
    });
  }
});

test('a run that was started by name with a stored data URI is joined by the same inline request', async () => {
  const stored = await storeDataUris(inlineRequest, async () => {});
  const { client } = createFakeClient({ runs: [{ input: { request: stored } }] });
  const started = await startVideo({ client }, inlineRequest, { key: 'mine' });
  expect(started.outcome).toBe('joined');
});

import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVideoClient, parsePayloadKeys, type VideoClient } from '../../src/client.ts';
import { startCodecServer } from '../../src/codec/codec-server.ts';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { payloadsFromJson, payloadsToJson } from '../../src/codec/payload-json.ts';
import { requestMemoName } from '../../src/contract/request-memo.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';
import { fetchHistory } from './history.ts';
import { onetakeJson } from './onetake.ts';
import { wordsKept } from './readable.ts';
import { playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [keyA, keyB] = [newKey('key-a'), newKey('key-b')];

const secrets = {
  prompt: 'A pangolin rows to Reykjavik',
  negative: 'lighthouses',
  image: 'https://images.example/private/pangolin.png',
  waiterId: 'anna@customer.example',
};
const request: VideoRequest = {
  format: 'generations',
  body: {
    model: 'kling-v1',
    prompt: secrets.prompt,
    size: '1280x720',
    duration: 5,
    image: secrets.image,
    metadata: { negative_prompt: secrets.negative },
  },
};

function leaksIn(words: string[]): string[] {
  const pieces = ['pangolin', 'Reykjavik', secrets.negative, 'images.example', secrets.waiterId];
  return pieces.filter((piece) => words.some((word) => word.includes(piece)));
}

function clientWith(harness: Harness, keys?: string): Promise<VideoClient> {
  const { connection, namespace } = harness;
  const payloadKeys = keys === undefined ? [] : parsePayloadKeys(keys);
  return createVideoClient({ connection, namespace, payloadKeys });
}

describe('a video whose payloads are encrypted', () => {
  let harness: Harness;
  let videoId: string;
  beforeAll(async () => {
    harness = await createHarness({ payloadKeys: keyA });
    await harness.startWorker();
    ({ videoId } = await harness.client.start(request, {
      key: 'rowing',
      waiterId: secrets.waiterId,
    }));
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  test('is paid once and stored, and the gateway receives the request as it was written', async () => {
    expect(await harness.client.wait(videoId)).toMatchObject({ outcome: 'stored' });
    expect(harness.gateway.ledger.posts.map(({ body }) => body)).toEqual([request.body]);
    expect(await harness.client.status(videoId)).toMatchObject({ phase: 'stored', billed: 'yes' });
  });

  test('leaves no plain text of its request on the server, while a client without keys leaves all of it', async () => {
    const plain = await clientWith(harness);
    const clear = await plain.start(request, { key: 'in-the-clear', waiterId: secrets.waiterId });
    expect(leaksIn(await wordsKept(harness, clear.videoId))).toHaveLength(5);
    const kept = await wordsKept(harness, videoId);
    expect(kept.length).toBeGreaterThan(100);
    expect(leaksIn(kept)).toEqual([]);
  });

  test('shows on the server only what is documented as readable: ids, types, search attributes', async () => {
    const words = await wordsKept(harness, videoId);
    expect(words.filter((word) => word.includes('kling-v1'))).toEqual(
      expect.arrayContaining(['"kling-v1"']),
    );
    expect(new Set(words.filter((word) => word.includes('kling-v1')))).toEqual(
      new Set(['"kling-v1"']),
    );
    for (const word of ['"sha256"', 'requestDigest"', 'file://', '.mp4', 'paid POST']) {
      expect(words.filter((kept) => kept.includes(word))).toEqual([]);
    }
  });

  test('cannot be read, joined or listed without the key, and the error names the missing key', async () => {
    const stranger = await clientWith(harness);
    const error = {
      name: 'VideoClientError',
      kind: 'payload_key',
      message: expect.stringContaining('"key-a": add that key to PAYLOAD_KEYS (none is set)'),
    };
    await expect(stranger.status(videoId)).rejects.toMatchObject(error);
    await expect(stranger.wait(videoId)).rejects.toMatchObject(error);
    await expect(stranger.start(request, { key: 'rowing' })).rejects.toMatchObject(error);
    const other = await clientWith(harness, keyB);
    const known = { ...error, message: expect.stringContaining('(known are "key-b")') };
    await expect(other.status(videoId)).rejects.toMatchObject(known);
    expect(harness.gateway.ledger.posts.length).toBeLessThanOrEqual(2);
  });

  test('is shown by a command that has the key; a command without it exits with code 2 and one clear line', async () => {
    const status = (PAYLOAD_KEYS: string) =>
      onetakeJson(harness, ['status', videoId], { PAYLOAD_KEYS });
    expect(await status(keyA)).toMatchObject({ code: 0, json: { phase: 'stored' } });
    const refused = await status('');
    expect(refused.code).toBe(2);
    expect(refused.json).toMatchObject({ error: { kind: 'payload_key' } });
  });

  test('is decoded for the UI by the codec server, including summary and details', async () => {
    await using server = await startCodecServer({
      codec: createPayloadCodec(parsePayloadKeys(keyA)),
      token: 'a-token-for-the-test',
      corsOrigins: [],
      host: '127.0.0.1',
      port: 0,
    });
    const [started] = (await fetchHistory(harness, videoId)).events ?? [];
    const attributes = started?.workflowExecutionStartedEventAttributes;
    // The server gives the fields of a memo in any order.
    const { [requestMemoName]: asked, requestDigest: digest } = attributes?.memo?.fields ?? {};
    const sent = [
      ...(attributes?.input?.payloads ?? []),
      ...[asked, digest, started?.userMetadata?.summary].filter(
        (payload): payload is Payload => !!payload,
      ),
    ];
    const headers = {
      authorization: 'Bearer a-token-for-the-test',
      'x-namespace': harness.namespace,
    };
    const answer = await fetch(`${server.url}/decode`, {
      method: 'POST',
      headers,
      body: payloadsToJson(sent),
    });
    const shown = payloadsFromJson(await answer.text()).map((payload) =>
      defaultPayloadConverter.fromPayload(payload),
    );
    expect(shown).toEqual([
      expect.objectContaining({ request, waiterId: secrets.waiterId }),
      expect.objectContaining({ prompt: secrets.prompt }),
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringContaining(secrets.prompt),
    ]);
  });
});

describe('an encrypted failure', () => {
  test('shows its message to holders of the key only, because the gateway may quote the prompt in it', async () => {
    await using harness = await createHarness({ payloadKeys: keyA });
    await harness.startWorker();
    const { videoId } = await harness.client.start(playing('submit-vendor-400'));
    const outcome = await harness.client.wait(videoId);
    const said = 'length limit exceeded';
    expect(outcome).toMatchObject({
      outcome: 'failed',
      failure: { kind: 'invalid_request', billed: 'no', message: expect.stringContaining(said) },
    });
    const words = await wordsKept(harness, videoId);
    expect(words.filter((word) => word.includes(said))).toEqual([]);
    expect(words.filter((word) => word === 'Encoded failure').length).toBeGreaterThanOrEqual(2);
  });
});

describe('encryption keys', () => {
  test('can be set and changed while a run is open: each part stays readable with its own key', async () => {
    await using harness = await createHarness({ payloadKeys: '', speed: 8 });
    const all = `${keyB},${keyA}`;
    const client = await clientWith(harness, all);
    const encrypting = { WORKFLOW_BUNDLE: await workflowBundle({ encrypting: true }) };
    const isKept = async (word: string) => (await wordsKept(harness, videoId)).includes(word);

    const plain = await harness.startWorker();
    const { videoId } = await (await clientWith(harness)).start(playing('dl-ok'));
    await untilPhase({ ...harness, client }, videoId, ['queued']);
    await plain.stop();
    const old = await harness.startWorker({ ...encrypting, PAYLOAD_KEYS: keyA });
    await until('a payload of the first key', () => isKept('key-a'));
    await old.stop();
    expect(await isKept('key-b')).toBe(false);
    await harness.startWorker({ ...encrypting, PAYLOAD_KEYS: all });

    expect(await client.wait(videoId)).toMatchObject({ outcome: 'stored' });
    expect(await isKept('key-b')).toBe(true);
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });

  test('that a worker lacks keep it from a run, which waits unpaid for a worker that has them', async () => {
    await using harness = await createHarness({ payloadKeys: keyA });
    const bundle = await workflowBundle();
    const stranger = await harness.startWorker({ PAYLOAD_KEYS: '', WORKFLOW_BUNDLE: bundle });
    const { videoId } = await harness.client.start(playing('dl-ok'));
    const failed = await until('a failed workflow task', async () =>
      (await wordsKept(harness, videoId)).find((word) => word.includes('"key-a"')),
    );
    expect(failed).toContain('add that key to PAYLOAD_KEYS (none is set)');
    await stranger.stop();
    expect(harness.gateway.ledger.posts).toHaveLength(0);
    await harness.startWorker();
    expect(await harness.client.wait(videoId)).toMatchObject({ outcome: 'stored' });
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });

  test('that only the submit workers lack keep them from a submit, which waits unpaid for a worker that has them', async () => {
    await using harness = await createHarness({ payloadKeys: keyA });
    await harness.startWorker({ WORKER_QUEUES: 'workflows, poll, download' });
    const stranger = await harness.startWorker({ WORKER_QUEUES: 'submit', PAYLOAD_KEYS: '' });
    const { videoId } = await harness.client.start(playing('dl-ok'));
    const failed = await until('a failed attempt', async () => {
      const { raw } = await harness.temporal.workflow.getHandle(videoId).describe();
      return raw.pendingActivities?.[0]?.lastFailure?.message ?? false;
    });
    expect(failed).toContain('add that key to PAYLOAD_KEYS');
    await stranger.stop();
    expect(harness.gateway.ledger.posts).toHaveLength(0);
    await harness.startWorker({ WORKER_QUEUES: 'submit' });
    expect(await harness.client.wait(videoId)).toMatchObject({ outcome: 'stored' });
    expect(harness.gateway.ledger.posts).toHaveLength(1);
  });

  test('that are unusable, or a bundle that would not encrypt failures, stop a worker before it takes work', async () => {
    await using harness = await createHarness({ payloadKeys: keyA });
    const started = (env: Record<string, string>) => harness.startWorker(env);
    await expect(started({ PAYLOAD_KEYS: 'key-a:c2hvcnQ=' })).rejects.toThrow(
      /ended with 2: .*PAYLOAD_KEYS has a key "key-a" of 5 bytes/s,
    );
    await expect(started({ WORKFLOW_BUNDLE: await workflowBundle() })).rejects.toThrow(
      /ended with 2: .*would write failures in the clear/s,
    );
  });
});

import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLossyProxy, type LossyProxy } from '../support/lossy-proxy.ts';
import { until } from './harness.ts';
import { onetakeJson } from './onetake.ts';
import { openAi, untilEnded } from './openai-node.ts';
import { createServeHarness, paidFor, type ServeHarness } from './serve-harness.ts';

let harness: ServeHarness;
/** Counts the requests of the client. */
let line: LossyProxy;
let acme: OpenAI;
let other: OpenAI;
beforeAll(async () => {
  harness = await createServeHarness();
  const first = await createKey('acme');
  const second = await createKey('other');
  const keyed = await harness.startServer({ SERVE_KEYS_FILE: keysFile() });
  line = await startLossyProxy(keyed.url);
  acme = openAi(line.url, { apiKey: first.key });
  other = openAi(line.url, { apiKey: second.key });
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
  await harness?.[Symbol.asyncDispose]();
});

const keysFile = () => `${harness.folder}/keys.json`;

async function createKey(tenant: string): Promise<{ key: string; id: string }> {
  const env = { SERVE_KEYS_FILE: keysFile() };
  return (await onetakeJson<{ key: string; id: string }>(harness, ['keys', 'create', tenant], env))
    .json;
}

const small = { model: 'sora-2', seconds: '4', size: '1280x720' } as const;

/** The error of a call, and how many requests the client has sent for it. */
async function refused(call: () => Promise<unknown>) {
  const before = line.requests.length;
  const error: unknown = await call().then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error(`No APIError: ${String(error)}`);
  return { error, attempts: line.requests.length - before };
}

describe('openai-node gets its own error class for', () => {
  test('a body that is wrong: BadRequestError, with the field, and nothing is submitted', async () => {
    const prompt = 'a cat of unknown size';
    const input_reference = { file_id: 'file_1' };
    const { error, attempts } = await refused(() =>
      acme.videos.create({ ...small, prompt, input_reference }),
    );
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(error.param).toMatch(/^input_reference/);
    expect(error.requestID).toMatch(/^\S+$/);
    expect(attempts).toBe(1);
    expect(paidFor(harness, prompt)).toEqual({ posts: 0, jobs: 0 });
  });

  test('an unknown API key: AuthenticationError', async () => {
    const stranger = openAi(line.url, { apiKey: 'sk-of-nobody' });
    const { error, attempts } = await refused(() => stranger.videos.list());
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(attempts).toBe(1);
  });

  test("an id that does not exist, and another tenant's: the same NotFoundError", async () => {
    const { id } = await other.videos.create({ ...small, prompt: 'a secret cat' });
    const unknown = `video_${'0'.repeat(40)}`;
    for (const absent of [id, unknown]) {
      const { error, attempts } = await refused(() => acme.videos.retrieve(absent));
      expect(error).toBeInstanceOf(OpenAI.NotFoundError);
      expect(error).toMatchObject({ status: 404, code: 'not_found' });
      expect(error.message.replace(absent, 'ID')).toBe('404 There is no video "ID"');
      expect(attempts).toBe(1);
    }
    expect(await untilEnded(other, id)).toMatchObject({ status: 'completed' });
  });

  test('a key that another request has used: UnprocessableEntityError, not repeated', async () => {
    const options = { headers: { 'Idempotency-Key': 'mine' } };
    await acme.videos.create({ ...small, prompt: 'the first cat' }, options);
    const prompt = 'the second cat';
    const { error, attempts } = await refused(() =>
      acme.videos.create({ ...small, prompt }, options),
    );
    expect(error).toBeInstanceOf(OpenAI.UnprocessableEntityError);
    expect(error).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(attempts).toBe(1);
    expect(paidFor(harness, prompt)).toEqual({ posts: 0, jobs: 0 });
  });

  test('the same key of another tenant: none, it is a video of its own', async () => {
    const options = { headers: { 'Idempotency-Key': 'shared' } };
    const mine = await acme.videos.create({ ...small, prompt: 'our cat' }, options);
    const theirs = await other.videos.create({ ...small, prompt: 'their cat' }, options);
    expect(theirs.id).not.toBe(mine.id);
  });

  test('deleting a video that is under way: ConflictError, not repeated', async () => {
    const prompt = '[sandbox: poll-never-finishes] a slow cat';
    const { id } = await acme.videos.create({ ...small, prompt });
    const { error, attempts } = await refused(() => acme.videos.delete(id));
    expect(error).toBeInstanceOf(OpenAI.ConflictError);
    expect(error).toMatchObject({ status: 409, code: 'wrong_phase' });
    expect(attempts).toBe(1);
  });

  test('too many requests: RateLimitError, with the time to wait', async () => {
    // One request in a hundred seconds, after the first.
    const slow = await harness.startServer({ SERVE_RATE: '0.01' });
    const hasty = openAi(slow.url);
    await hasty.videos.list();
    const error: unknown = await hasty.videos.list({}, { maxRetries: 0 }).catch((caught) => caught);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    const { headers } = error as InstanceType<typeof OpenAI.RateLimitError>;
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('a revoked API key: AuthenticationError, after a moment', async () => {
    const { key, id } = await createKey('brief');
    const brief = openAi(line.url, { apiKey: key });
    await until('the new key', () => brief.videos.list().then(Boolean, () => false));
    await onetakeJson(harness, ['keys', 'revoke', id], { SERVE_KEYS_FILE: keysFile() });
    await until('the end of the key', () =>
      brief.videos.list().then(
        () => false,
        (error: unknown) => error instanceof OpenAI.AuthenticationError,
      ),
    );
  });
});

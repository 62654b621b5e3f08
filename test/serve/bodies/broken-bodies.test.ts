import { describe, expect, test } from 'vitest';
import {
  readCreateBody,
  type ReadBodyOptions,
} from '../../../src/serve/bodies/read-create-body.ts';
import { openBody } from '../../../src/serve/bodies/body-reader.ts';
import { tempStorage, withFailing } from '../../fakes/temp-storage.ts';
import { file, form, formHeaders, png, post, refusal, text } from './bodies.ts';

const whole = form(text('model', 'sora-2'), text('prompt', 'A cat'), file('input_reference', png));

describe('a body that does not end well leaves nothing in the storage', () => {
  async function broken(body: ReadableStream<Uint8Array>, options: Partial<ReadBodyOptions> = {}) {
    const { storage, files } = await tempStorage();
    const reading = readCreateBody(post(body, formHeaders), {
      format: 'videos',
      storage,
      ...options,
    });
    const error = await refusal(reading);
    expect(await files()).toEqual([]);
    return error;
  }

  test('if the client disconnects', async () => {
    const halves = [whole.subarray(0, -150)];
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const chunk = halves.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.error(new Error('aborted'));
      },
    });
    expect(await broken(body)).toMatchObject({
      status: 400,
      message: expect.stringMatching(/connection ended/),
    });
  });

  test('if its bytes stop coming', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (c) => c.enqueue(whole.subarray(0, -150)),
    });
    expect(await broken(body, { idleMs: 20 })).toMatchObject({
      status: 408,
      code: 'request_timeout',
    });
  });
});

test('a storage that fails is an error of the server, not of the caller', async () => {
  const { storage, files } = await tempStorage();
  const failing = withFailing(storage, ['stage']);
  const reading = readCreateBody(post(whole, formHeaders), { format: 'videos', storage: failing });
  await expect(reading).rejects.toThrow('the disk is gone');
  expect(await files()).toEqual([]);
});

test('a client that sends a byte now and then gets 408 in the end', async () => {
  const drip = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await new Promise((resolve) => setImmediate(resolve));
      controller.enqueue(Buffer.from('x'));
    },
  });
  const limits = { maxBytes: 1e9, idleMs: 10_000, totalMs: 40, advice: '' };
  const body = openBody(post(drip), limits);
  const readAll = async () => {
    while ((await body.next()) !== null);
  };
  expect(await refusal(readAll())).toMatchObject({ status: 408, code: 'request_timeout' });
});

test('a form that is refused early is read to its end, so that its sender can read why', async () => {
  const { storage } = await tempStorage();
  const chunks = [form(text('a[b', 'x')), ...Array.from({ length: 9 }, () => Buffer.alloc(1000))];
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  await refusal(readCreateBody(post(body, formHeaders), { format: 'videos', storage }));
  expect(chunks).toEqual([]);
});

test('long texts that arrive in one chunk are read whole', async () => {
  const { storage } = await tempStorage();
  const long = { a: 'a'.repeat(50_000), b: 'b'.repeat(50_000), c: 'c'.repeat(50_000) };
  const parts = Object.entries(long).map(([name, value]) => text(name, value));
  const body = form(text('model', 'm'), ...parts);
  const chunks = [body.subarray(0, -9), body.subarray(-9)];
  const request = post(chunks, formHeaders);
  const read = await readCreateBody(request, { format: 'videos', storage });
  expect(read.request.body).toEqual({ model: 'm', ...long });
});

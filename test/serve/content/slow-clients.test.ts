import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { VideoReader } from '../../../src/contract/video-reader.ts';
import { bodyStream } from '../../../src/serve/content/body-stream.ts';
import { contentServer, videoOf } from './content-server.ts';

const chunk = randomBytes(64 * 1024);
const chunksOfFile = 3_200;
/** 200 MB, of which no test reads the end. */
const file = { ...videoOf(chunk), sizeBytes: chunk.length * chunksOfFile };

function moment() {
  const events = new EventEmitter();
  return { reached: once(events, 'reached'), reach: () => events.emit('reached') };
}

/** Counts what is read, and reports the end of the reading. */
function countedStorage(options: { head?: () => Promise<void> } = {}) {
  const ended = moment();
  const storage: VideoReader & { readBytes: number; ended: Promise<unknown> } = {
    readBytes: 0,
    ended: ended.reached,
    head: async () => {
      await options.head?.();
      return { sizeBytes: file.sizeBytes };
    },
    read: async function* () {
      try {
        for (let index = 0; index < chunksOfFile; index += 1) {
          storage.readBytes += chunk.length;
          yield chunk;
        }
      } finally {
        ended.reach();
      }
    },
  };
  return storage;
}

const serve = (storage: VideoReader) => contentServer(storage, { file, fileName: 'a.mp4' });

async function pausedResponse(url: string, headers: Record<string, string> = {}) {
  const request = get(url, { headers, agent: false });
  request.on('error', () => {});
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { request, response: response.pause() };
}

const ranges = [{}, { range: 'bytes=1-' }];

test.each(ranges)(
  'a client that disconnects ends the reading, with the headers %j',
  async (headers) => {
    const storage = countedStorage();
    const { request } = await pausedResponse(await serve(storage), headers);
    request.destroy();
    await storage.ended;
  },
);

test('a client that disconnects before the first byte ends the reading', async () => {
  const asked = moment();
  const gone = moment();
  const storage = countedStorage({
    head: async () => {
      asked.reach();
      await gone.reached;
    },
  });
  const served = { file, fileName: 'a.mp4' };
  const url = await contentServer(storage, served, { onDisconnect: gone.reach });
  const request = get(url, { agent: false });
  request.on('error', () => {});
  await asked.reached;
  request.destroy();
  await storage.ended;
});

test('HEAD reads no byte', async () => {
  const storage = countedStorage();
  const response = await fetch(await serve(storage), { method: 'HEAD' });
  expect(response.headers.get('content-length')).toBe(String(file.sizeBytes));
  expect(storage.readBytes).toBe(0);
});

test('a client that reads nothing gets no more than the buffers of its connection hold', async () => {
  const storage = countedStorage();
  const url = await serve(storage);
  await pausedResponse(url);
  // A server that reads on would have read the file long before these answers.
  for (let index = 0; index < 20; index += 1) await fetch(url, { method: 'HEAD' });
  expect(storage.readBytes).toBeLessThan(file.sizeBytes / 10);
});

test('a body reads one chunk ahead, and otherwise what is taken from it', async () => {
  let given = 0;
  const body = await bodyStream(
    (async function* () {
      for (;;) yield Uint8Array.of((given += 1));
    })(),
  );
  const reader = body.getReader();
  for (let taken = 1; taken <= 3; taken += 1) {
    await reader.read();
    expect(given).toBe(taken);
  }
});

test('a body that is cancelled before it is read ends the reading', async () => {
  const storage = countedStorage();
  const body = await bodyStream(storage.read('a'));
  await body.cancel();
  await storage.ended;
});

test('a body that fails gives its error to the reader and to the log', async () => {
  const broken: unknown[] = [];
  const body = await bodyStream(
    (async function* () {
      yield chunk;
      throw new Error('cut');
    })(),
    (error) => broken.push(error),
  );
  await expect(new Response(body).arrayBuffer()).rejects.toThrow('cut');
  expect(broken).toEqual([new Error('cut')]);
});

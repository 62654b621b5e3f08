import { describe, expect, test } from 'vitest';
import { createStatusReader } from '../../src/client/status-reader.ts';
import type { JoinWatch } from '../../src/client/watch-videos.ts';
import type { Look } from '../../src/client/watch-video.ts';
import { tenantVideoId } from '../../src/identity/tenant-video.ts';
import { streamVideo } from '../../src/serve/events/stream-video.ts';
import type { TenantVideo } from '../../src/serve/videos/video-object.ts';
import { createFakeClient, startTime } from '../fakes/fake-client.ts';
import { tempStorage, type TempStorage } from '../fakes/temp-storage.ts';
import { result } from '../client/outcomes.ts';

const id = `video_${'0'.repeat(40)}`;
const videoId = tenantVideoId('acme', id) ?? '';
const tenant = { name: 'acme', keyId: 'k_1' };

const snapshot = (progressPercent: number): Look['status'] => ({
  videoId,
  phase: 'running',
  billed: 'yes',
  startedAt: startTime.toISOString(),
  live: true,
  progressPercent,
});

const video: TenantVideo = {
  status: snapshot(0),
  memo: { model: 'sora-2', prompt: 'A cat', seconds: '4', size: '' },
  createdAt: 1,
  completedAt: null,
};

/** A watch whose statuses the test gives. */
function createWatch() {
  const watch = {
    show: (_look: Pick<Look, 'status'>): void => {},
    close: (): void => {},
  };
  const join: JoinWatch = (_, { see }, signal) =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('aborted')));
      watch.show = ({ status }) => see({ status, isLast: false });
      watch.close = () => resolve({ outcome: 'stored', videoId, result });
    });
  return { watch, join };
}

/** A viewer that reads only when the test says so. */
function createViewer() {
  const texts: string[] = [];
  const waiting: (() => void)[] = [];
  const gone = new AbortController();
  const state = { isSlow: false };
  return {
    texts,
    state,
    gone,
    read: () => waiting.splice(0).forEach((resolve) => resolve()),
    sink: {
      signal: gone.signal,
      write: async (text: string) => {
        texts.push(text);
        if (state.isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
      },
    },
  };
}

function open(
  { storage }: TempStorage,
  join: JoinWatch,
  sink: ReturnType<typeof createViewer>['sink'],
) {
  const { client } = createFakeClient({ runs: [{ status: 'COMPLETED' }], result: () => result });
  const retention = () => Promise.resolve(null);
  const ports = { join, read: createStatusReader(client), storage, retention };
  return streamVideo(ports, { tenant, id, video }, sink);
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('a stream of events', () => {
  test('has each change of the video, then its end with an id that a browser sends back', async () => {
    const temp = await tempStorage();
    const { watch, join } = createWatch();
    const { texts, sink } = createViewer();
    const end = open(temp, join, sink);
    for (const progress of [10, 20]) {
      watch.show({ status: snapshot(progress) });
      await turns();
    }
    watch.close();
    await end;
    expect(texts[0]).toMatch(/^retry: \d+\n\nevent: video\n/);
    expect(texts.slice(1).map((text) => text.split('\n')[0])).toEqual([
      'event: video',
      'event: video',
      'event: end',
    ]);
    expect(texts[2]).toContain('"progress":20');
    expect(texts[3]).toContain('id: end\n');
    expect(texts[3]).toContain('"status":"completed"');
  });

  test('has no event where only the time that is left has changed', async () => {
    const temp = await tempStorage();
    const { watch, join } = createWatch();
    const { texts, sink } = createViewer();
    const submittedAt = new Date().toISOString();
    const at = new Date(Date.now() + 60_000).toISOString();
    const expected = { submittedAt, expected: { at, from: at, to: at } };
    const end = open(temp, join, sink);
    watch.show({ status: { ...snapshot(10), ...expected } });
    await turns();
    watch.show({ status: { ...snapshot(10), ...expected, changedAt: at } });
    await turns();
    watch.close();
    await end;
    const shown = texts.filter((text) => text.includes('event: video'));
    expect(shown).toHaveLength(2);
    expect(shown[1]).toContain('"usual_seconds":{"from":');
  });

  test('skips changes that a slow viewer could not read, and not the last one', async () => {
    const temp = await tempStorage();
    const { watch, join } = createWatch();
    const { texts, sink, state, read } = createViewer();
    const end = open(temp, join, sink);
    await turns();
    state.isSlow = true;
    for (const progress of [10, 20, 30, 40]) {
      watch.show({ status: snapshot(progress) });
      await turns();
    }
    watch.close();
    state.isSlow = false;
    read();
    await end;
    const shown = texts.slice(1).filter((text) => text.includes('event: video'));
    expect(shown).toHaveLength(2);
    expect(shown[1]).toContain('"progress":40');
  });

  test('leaves the watch when the viewer has gone', async () => {
    const temp = await tempStorage();
    const { join } = createWatch();
    const { sink, gone, texts } = createViewer();
    const end = open(temp, join, sink);
    await turns();
    gone.abort();
    await end;
    expect(texts.join('')).not.toContain('event: end');
  });
});

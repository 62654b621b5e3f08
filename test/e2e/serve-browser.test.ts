import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../../src/dev/run-command.ts';
import { findChromium } from '../support/chromium.ts';
import { need } from '../support/need.ts';
import { openAi, untilEnded } from './openai-node.ts';
import { createServeHarness } from './serve-harness.ts';

test('a browser plays a video from a signed link on a page of another origin, and seeks in it', async (context) => {
  const chromium = await need(context, findChromium());
  await using harness = await createServeHarness();
  const { url } = harness.server;
  const client = openAi(url);
  const request = { model: 'sora-2', prompt: 'a cat', seconds: '8', size: '1280x720' } as const;
  const { id } = await client.videos.create(request);
  await untilEnded(client, id);
  const link = await client.post<{ url: string }>(`/videos/${id}/link`, { body: {} });
  await using page = await servePage(link.url);
  const { output } = await runCommand({
    file: chromium,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      `--user-data-dir=${join(harness.folder, 'chromium')}`,
      '--timeout=60000',
      '--dump-dom',
      page.url,
    ],
    env: { ...process.env, no_proxy: '*' },
    timeoutMs: 100_000,
  });
  const title = /<title>(.*)<\/title>/.exec(output)?.[1];
  expect({ title, output }).toMatchObject({ title: 'duration 8, seekable to 8, played from 6' });
});

/** The load event of the page, for which `--dump-dom` waits, waits for the picture, and so for the player. */
async function servePage(videoUrl: string): Promise<{ url: string } & AsyncDisposable> {
  const ready = new AbortController();
  const html = `<!doctype html><title>no script</title>
<video muted src="${videoUrl.replaceAll('&', '&amp;')}"></video>
<img src="/wait">
<script>
const video = document.querySelector('video');
const say = (text) => { document.title = text; fetch('/ready'); };
const next = (name) => new Promise((resolve) => video.addEventListener(name, resolve, { once: true }));
video.onerror = () => say('error: ' + video.error.message);
(async () => {
  await next('loadedmetadata');
  video.currentTime = 6;
  await next('seeked');
  const from = Math.round(video.currentTime);
  const played = next('timeupdate');
  await video.play();
  await played;
  const end = video.seekable.length && Math.round(video.seekable.end(0));
  say('duration ' + Math.round(video.duration) + ', seekable to ' + end + ', played from ' + from);
})().catch((error) => say(String(error)));
</script>`;
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    if (request.url === '/ready') ready.abort();
    if (request.url !== '/wait' || ready.signal.aborted)
      response.end(request.url === '/' ? html : '');
    else ready.signal.addEventListener('abort', () => response.end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      ready.abort();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

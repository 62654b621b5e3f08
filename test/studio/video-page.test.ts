import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { videoKey } from '../../src/identity/object-key.ts';
import type { ClientScript } from '../fakes/fake-client.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { endings, failure, result } from '../client/outcomes.ts';
import { fileName } from '../../src/studio/videos/player.ts';
import { studioHarness } from './studio-harness.ts';

const attack = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`;
const path = '/studio/videos/video%2Fdemo';
const bytes = Buffer.from('the bytes of a video');
const startedAt = '2026-11-30T10:00:00.000Z';
const live = { billed: 'yes', startedAt, changedAt: startedAt, warnings: [], format: 'videos' };
const request = {
  format: 'videos',
  body: { model: 'sora-2', prompt: 'a lighthouse', seconds: '4', metadata: { seed: 7 } },
};

/** A studio with one stored video. */
async function stored(key = 'demo', warnings: string[] = []) {
  const file = {
    ...result.video,
    key: videoKey(`video/${key}`),
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    warnings,
  };
  const script: ClientScript = {
    runs: [
      { status: 'COMPLETED', phase: 'stored', model: 'sora-2', billed: 'yes', input: { request } },
    ],
    result: () => ({ ...result, video: file }),
  };
  const harness = await studioHarness({ script });
  await keepVideo(harness.storage, key, {
    storedAt: '2026-11-30T10:05:00.000Z',
    tags: ['drafts'],
    charged: { quota: 70_000, money: 0.14 },
  });
  await harness.storage.writeSmall(file.key, bytes);
  return { ...harness, file };
}

function open(status: object, script: ClientScript = {}) {
  const { phase = 'running' } = status as { phase?: string };
  return studioHarness({
    script: {
      runs: [{ phase, billed: 'yes', model: 'sora-2', input: { request } }],
      query: () => ({ ...live, phase, ...status }),
      ...script,
    },
  });
}

describe('the page of a stored video', () => {
  test('shows the player, what was asked, what was made, and what was charged', async () => {
    const { get } = await stored('demo', ['The video has 4 s, not 5 s']);
    const page = await (await get(path)).text();
    expect(page).toContain('src="/studio/videos/video%2Fdemo/content#t=0.001"');
    expect(page).toContain('download="demo.mp4"');
    expect(page).toContain('a lighthouse');
    expect(page).toContain('{&quot;seed&quot;:7}');
    expect(page).toContain('1280 × 720');
    expect(page).toContain('The video has 4 s, not 5 s');
    expect(page).toContain('0.14 in the gateway’s currency');
    expect(page).toContain('href="/studio/new?from=video%2Fdemo"');
    expect(page).not.toContain('/cancel"');
  });

  test('gives its file whole, and by ranges, under a good name', async () => {
    const { get } = await stored('spring/7');
    const whole = await get('/studio/videos/video%2Fspring%2F7/content');
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(bytes);
    expect(whole.headers.get('content-disposition')).toContain('"spring-7.mp4"');
    expect(whole.headers.get('content-security-policy')).toContain("default-src 'none'");
    const part = await get('/studio/videos/video%2Fspring%2F7/content', { range: 'bytes=4-8' });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe('bytes');
  });

  test('says that the file was removed, and still what was made and charged', async () => {
    const { get, storage, file } = await stored();
    await storage.remove(file.key);
    const page = await (await get(path)).text();
    expect(page).toContain('The file was removed from the storage.');
    expect(page).not.toContain('<video');
    expect(page).toContain(file.sha256);
  });

  test('is found in the storage after Temporal has forgotten the run', async () => {
    const harness = await studioHarness();
    await keepVideo(harness.storage, 'demo', {
      storedAt: startedAt,
      charged: { quota: 1, money: 2 },
    });
    const page = await (await harness.get(path)).text();
    expect(page).toContain('2 in the gateway’s currency');
    expect(page).toContain('task_demo');
  });
});

describe('the page of a video that is under way', () => {
  test('says how long it takes, what fails, and what can be done', async () => {
    const retrying = { step: 'poll', attempt: 2, failure: { ...failure, message: 'no route' } };
    const failedTakes = [
      { jobId: 'task_0', kind: 'moderation', message: 'a face', failedAt: startedAt },
    ];
    const { get } = await open({ jobId: 'task_1', retrying, failedTakes });
    const page = await (await get(path)).text();
    for (const text of ['no route', 'a face', 'task_0', 'task_1']) expect(page).toContain(text);
    expect(page).toContain(`href="${path}/cancel"`);
    expect(page).toContain(`action="${path}/keep"`);
  });

  test('links to its run in the Temporal UI, if the address is known', async () => {
    const { get } = await studioHarness({
      script: { runs: [{ phase: 'running', runId: 'run-7' }] },
      ports: () => ({ temporalUi: 'https://temporal.test' }) as object,
    });
    expect(await (await get(path)).text()).toContain(
      'href="https://temporal.test/namespaces/default/workflows/video%2Fdemo/run-7"',
    );
  });

  test('has no file yet', async () => {
    const { get } = await open({});
    expect((await get(`${path}/content`)).status).toBe(404);
  });
});

test('the page of a failed video has the kind, the message of the gateway, and what to do', async () => {
  const { get } = await studioHarness({
    script: {
      runs: [{ status: 'FAILED', billed: 'maybe' }],
      result: endings.failed({ ...failure, gatewayMessage: 'risk control' }),
    },
  });
  const page = await (await get(path)).text();
  for (const text of ['task_failed', 'The vendor said no', 'risk control', 'What to do'])
    expect(page).toContain(text);
  const chinese = await (await get(path, { 'accept-language': 'zh' })).text();
  expect(chinese).toContain('网关报告任务失败');
});

describe('a cancellation', () => {
  test.each([
    ['nothing was sent', 'no', 'Cancelling costs nothing'],
    ['the gateway has accepted the job', 'yes', 'It stays billed'],
    ['the submit is under way', 'maybe', 'If the gateway accepts it, it stays billed'],
  ])('is confirmed on a page that says what it costs if %s', async (_, billed, words) => {
    const { get, calls } = await open({ phase: 'submitting', billed });
    expect(await (await get(`${path}/cancel`)).text()).toContain(words);
    expect(calls.filter(({ name }) => name === 'cancel')).toEqual([]);
  });

  test('happens by POST, and leads back to the video', async () => {
    const { post, calls } = await open(
      {},
      {
        runs: [{ phase: 'running' }, { phase: 'running' }, { status: 'CANCELLED' }],
        result: endings.cancelled,
      },
    );
    const response = await post(`${path}/cancel`, { costs: 'cancelBilled' });
    expect([response.status, response.headers.get('location')]).toEqual([303, path]);
    expect(calls.filter(({ name }) => name === 'cancel')).toHaveLength(1);
  });

  test.each([
    ['of a page that said it is free', { costs: 'cancelFree' }],
    ['without what its page said', {}],
  ])('%s is asked again if the job was accepted meanwhile', async (_, fields) => {
    const { post, calls } = await open({ phase: 'queued', billed: 'yes', jobId: 'task_1' });
    const response = await post(`${path}/cancel`, fields);
    expect(response.status).toBe(409);
    const page = await response.text();
    expect(page).toContain('Nothing was cancelled');
    expect(page).toContain('It stays billed');
    expect(page).toContain('name="costs" value="cancelBilled"');
    expect(calls.filter(({ name }) => name === 'cancel')).toEqual([]);
  });

  test('is not possible by a form of another site', async () => {
    const { post, calls } = await open({});
    const response = await post(`${path}/cancel`, {}, { origin: 'https://evil.example' });
    expect(response.status).toBe(403);
    expect(calls.filter(({ name }) => name === 'cancel')).toEqual([]);
  });
});

test('keep ends all waits by POST; a GET changes nothing', async () => {
  const kept = { outcome: 'kept', billed: 'yes' };
  const { get, post, calls } = await open({}, { update: () => kept });
  expect((await get(`${path}/keep`)).status).toBe(404);
  expect((await post(`${path}/keep`, {})).status).toBe(303);
  expect(calls.filter(({ name }) => name === 'update')).toHaveLength(1);
});

test('an unknown video is a page that says so', async () => {
  const { get } = await studioHarness();
  const response = await get('/studio/videos/video%2Fnothing');
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('There is no video &quot;video/nothing&quot;');
});

test('texts of callers and of the gateway are text, not HTML, on the page of a video', async () => {
  const evil = { format: 'videos', body: { model: attack, prompt: attack, [attack]: attack } };
  const failing = { ...failure, message: attack, gatewayMessage: `${attack} 2`, requestId: attack };
  const { get } = await studioHarness({
    script: {
      runs: [
        {
          status: 'FAILED',
          model: attack,
          input: { request: evil },
          memo: { http: { model: attack, tags: [attack] } },
        },
      ],
      result: endings.failed(failing),
    },
  });
  const page = await (await get(`/studio/videos/${encodeURIComponent(`video/${attack}`)}`)).text();
  expect(page).not.toContain('<script>alert');
  expect(page).not.toContain('<img src=x');
  expect(page).toContain('&lt;script&gt;alert(1)');
});

test.each([
  ['video/cat-42', 'cat-42.mp4'],
  ['video/spring/7', 'spring-7.mp4'],
  ['video/../../etc/passwd', 'etc-passwd.mp4'],
  ['video/月亮', '月亮.mp4'],
  [`video/${attack}`, 'script-alert(1)-script-img-src=x-onerror=alert(1)-.mp4'],
  [`video/${'a1'.repeat(32)}/take-2`, 'a1a1a1a1a1a1-take-2.mp4'],
])('the file of %s is saved as %s', (videoId, name) => {
  expect(fileName(videoId, { contentType: 'video/mp4' })).toBe(name);
});

import { expect, test } from 'vitest';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import {
  create,
  createJob,
  json,
  klingBody,
  pollBody,
  startWithClock,
  type Body,
} from './sandbox-client.ts';

const plugins = { generation: 'plugins' } as const;
const route = { route: '/v1/videos' };
const xm = { model: 'SD2.5 720P', prompt: 'a red kite' };
const series = { model: 'SD2.5', prompt: 'a red kite', ratio: '16:9' };
const veo = { model: 'veo-3.1', prompt: 'a red kite' };
const grok = { model: 'grok-imagine-video-1.5', prompt: 'a red kite' };
const picture = 'https://files.example/a.jpg';
const second = 'https://files.example/b.jpg';
const png = 'data:image/png;base64,iVBORw0KGgo=';
const quotaPerUnit = 500_000;

test.each<[name: string, body: Body, made: Body, money: number]>([
  ['defaults of SD2.5 720P', xm, { seconds: 5, resolution: '720p', ratio: 'auto' }, 4.75],
  [
    'a length in metadata of SD2.5 720P, which is dropped',
    { ...xm, metadata: { duration: 10 } },
    { seconds: 5 },
    4.75,
  ],
  ['seconds as text', { ...xm, seconds: '8', size: '9:16' }, { seconds: 8, ratio: '9:16' }, 7.6],
  ['duration before seconds', { ...xm, duration: 6, seconds: '8' }, { seconds: 6 }, 5.7],
  ['0 as no length', { ...xm, duration: 0 }, { seconds: 5 }, 4.75],
  ['metadata as text', { ...xm, metadata: '{"ratio":"1:1"}' }, { ratio: '1:1' }, 4.75],
  [
    'a resolution against the name',
    { ...xm, resolution: '1080p' },
    { seconds: 5, resolution: '720p' },
    4.75,
  ],
  ['an unknown size', { ...xm, size: '1280*720' }, { ratio: 'auto', resolution: '720p' }, 4.75],
  ['sound off', { ...xm, generate_audio: false }, { audio: false }, 4.75],
  ['the lowest tier of the series', series, { seconds: 5, resolution: '480p' }, 2.25],
  ['a tier without its p', { ...series, quality: '720' }, { resolution: '720p' }, 4.75],
  ['a tier in capitals', { ...series, resolution: '1080P' }, { resolution: '1080p' }, 8],
  ['a tier by size', { ...series, size: '1080x1920' }, { resolution: '1080p', ratio: '16:9' }, 8],
  ['defaults of Veo', veo, { seconds: 8, resolution: '720p', ratio: '16:9', audio: true }, 2],
  [
    'a length in metadata of Veo, which is dropped',
    { ...veo, metadata: { duration: 4 } },
    { seconds: 8 },
    2,
  ],
  ['Veo in 4k', { ...veo, duration: 4, resolution: '4k' }, { seconds: 4, resolution: '4k' }, 1.5],
  [
    'size of Veo',
    { ...veo, size: '1080x1920', seconds: '6' },
    { seconds: 6, resolution: '1080p', ratio: '9:16' },
    1.5,
  ],
  ['defaults of Grok', grok, { seconds: 8, resolution: '720p', ratio: '16:9' }, 1.6],
  [
    'Grok by size and quality',
    { ...grok, duration: '15', size: '2:3', quality: '1080p' },
    { seconds: 15, resolution: '1080p', ratio: '2:3' },
    3,
  ],
])('%s make and cost what the ledger says', async (_name, body, made, money) => {
  await using gateway = await startSandboxGateway(plugins);

  expect((await create(gateway, body, route)).status).toBe(200);

  const [paid] = gateway.ledger.paidJobs;
  expect(paid?.made).toMatchObject(made);
  expect(paid?.price).toBeCloseTo(money * quotaPerUnit, 6);
});

test.each<[name: string, body: Body, roles: [role: string, source: string][]]>([
  ['a picture of SD2.5 is a reference', { ...xm, image: picture }, [['reference', picture]]],
  [
    'only the first list of SD2.5 counts',
    { ...xm, images: [picture], metadata: { referenceImages: [second] } },
    [['reference', picture]],
  ],
  [
    'frames of SD2.5',
    { ...xm, firstFrame: picture, metadata: { last_frame: second } },
    [
      ['first_frame', picture],
      ['last_frame', second],
    ],
  ],
  ['one picture of Veo is the first frame', { ...veo, image: png }, [['first_frame', png]]],
  [
    'two pictures of Veo are frames',
    { ...veo, images: [picture, second] },
    [
      ['first_frame', picture],
      ['last_frame', second],
    ],
  ],
  [
    'pictures of Veo are references where the mode says so',
    { ...veo, images: [picture], metadata: { video_mode: 'reference' } },
    [['reference', picture]],
  ],
  [
    'references in metadata of Veo are not read',
    { ...veo, metadata: { referenceImages: [picture] } },
    [],
  ],
  ['a video of Veo is extended', { ...veo, video: picture }, [['extend', picture]]],
  [
    'Grok needs no prompt beside a picture',
    { model: grok.model, image: picture },
    [['first_frame', picture]],
  ],
  ['frames of Grok are not read', { ...grok, metadata: { firstFrame: picture } }, []],
])('%s', async (_name, body, roles) => {
  await using gateway = await startSandboxGateway(plugins);

  await create(gateway, body, route);

  const media = gateway.ledger.paidJobs[0]?.made?.media;
  expect(media?.map(({ role, source }) => [role, source])).toEqual(roles);
});

test.each<[body: Body, dropped: string[]]>([
  [
    { ...xm, n: 2, fps: 24, aspectRatio: '1:1', metadata: { watermark: true, duration: 10 } },
    ['n', 'fps', 'aspectRatio', 'metadata.watermark', 'metadata.duration'],
  ],
  [{ ...veo, fps: 24, metadata: { duration: 4 } }, ['fps', 'metadata.duration']],
  [{ ...grok, seed: 42, callback_url: 'https://hook.example/v' }, ['seed', 'callback_url']],
])(
  'fields that no plugin reads are dropped and never reach the vendor: %j',
  async (body, dropped) => {
    await using gateway = await startSandboxGateway(plugins);

    await create(gateway, body, route);

    expect(gateway.ledger.vendorJobs[0]?.dropped.toSorted()).toEqual(dropped.toSorted());
    for (const path of dropped) {
      expect(gateway.ledger.vendorJobs[0]?.sent).not.toHaveProperty([path]);
    }
  },
);

test('a video of a plugin host is told without task_id, and ends with the result at three names', async () => {
  const { gateway, advance } = await startWithClock(plugins);
  await using _ = gateway;

  const reply = await create(gateway, xm, route);
  const created = await json(reply);
  const id = String(created['id']);
  const created_at = created['created_at'];
  const head = { id, object: 'video', model: xm.model, created_at };

  expect(reply.headers.get('x-new-api-version')).toBe('v1.0.0-rc.37-88api.9');
  expect(created).toEqual({ ...head, status: 'queued', progress: 0 });
  expect(await pollBody(gateway, id)).toEqual({ ...head, status: 'queued', progress: 0 });
  advance(120);
  const { url, ...rest } = await pollBody(gateway, id);
  expect(rest).toEqual({
    ...head,
    status: 'completed',
    progress: 100,
    completed_at: Number(created_at) + 120,
    video_url: url,
    result_url: url,
  });
  expect(new URL(String(url)).pathname).toMatch(
    /^\/media\/task-videos\/2026\/11\/[\da-f]{64}\.mp4$/,
  );
});

test('a failed video of a plugin host has one code and the reason, and is refunded', async () => {
  const { gateway, advance } = await startWithClock({
    ...plugins,
    scenario: 'poll-envelope-failure',
  });
  await using _ = gateway;
  const id = await createJob(gateway, xm);

  advance(130);

  expect(await pollBody(gateway, id)).toMatchObject({
    status: 'failed',
    progress: 100,
    error: { code: 'video_generation_failed', message: expect.any(String) },
  });
  expect(gateway.ledger.paidJobs[0]?.refunded).toBe(true);
});

test('a classic host serves the plugin names without rules, and does not know the series', async () => {
  await using gateway = await startSandboxGateway();

  const refused = await create(gateway, series, route);
  await create(gateway, { ...veo, duration: 5, seconds: '5' }, route);

  expect([refused.status, (await json(refused))['error']]).toMatchObject([
    503,
    { code: 'model_not_found' },
  ]);
  expect(gateway.ledger.paidJobs.map(({ model, made }) => [model, made])).toEqual([
    ['veo-3.1', undefined],
  ]);
});

test('a plugin host still serves the built-in families', async () => {
  await using gateway = await startSandboxGateway(plugins);

  expect((await create(gateway, klingBody)).status).toBe(200);
});

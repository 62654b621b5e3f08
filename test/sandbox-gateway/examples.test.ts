import { expect, test } from 'vitest';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { create, json } from './sandbox-client.ts';

const camera = { type: 'simple', config: { horizontal: 1, vertical: 0, zoom: 0.5 } };

/** The bodies of gateway.md 12.2, with what the vendor receives of them. */
test.each<[name: string, body: Record<string, unknown>, sent: unknown, dropped: string[]]>([
  [
    'E9',
    {
      model: 'kling-v1',
      prompt: '一个穿着宇航服的宇航员在月球上行走, 高品质, 电影级',
      size: '1920x1080',
      duration: 5,
      metadata: { seed: 20231234, negative_prompt: '模糊, 低质量' },
    },
    { aspect_ratio: '16:9', duration: '5', negative_prompt: '模糊, 低质量' },
    ['metadata.seed'],
  ],
  [
    'E10',
    {
      model: 'kling-v1',
      prompt: '一只橘猫在阳光下打盹,毛发蓬松,表情安详',
      duration: 5,
      metadata: { seed: 12345, negative_prompt: '模糊, 扭曲', cfg_scale: 0.8 },
    },
    { aspect_ratio: '1:1', cfg_scale: 0.8 },
    ['metadata.seed'],
  ],
  [
    'E12',
    {
      model: 'jimeng_vgfm_t2v_l20',
      prompt: '海浪拍打着礁石,溅起白色的浪花',
      metadata: { req_key: 'jimeng_vgfm_t2v_l20', aspect_ratio: '16:9', duration: 5 },
    },
    { frames: 121, req_key: 'jimeng_vgfm_t2v_l20', aspect_ratio: '16:9' },
    ['metadata.duration'],
  ],
  [
    'E13',
    {
      model: 'jimeng_vgfm_i2v_l20',
      image: 'https://example.com/landscape.jpg',
      prompt: '云朵缓缓飘过天空',
      metadata: { image_urls: ['https://example.com/other.jpg'], aspect_ratio: '16:9' },
    },
    { image_urls: ['https://example.com/other.jpg'] },
    [],
  ],
  [
    'E14',
    {
      model: 'viduq1',
      prompt: '未来城市的夜景,霓虹灯闪烁',
      size: '1920x1080',
      duration: 5,
      metadata: {
        resolution: '1080p',
        movement_amplitude: 'medium',
        bgm: true,
        seed: 0,
        callback_url: 'https://your-callback-url.com/webhook',
      },
    },
    { resolution: '1080p', movement_amplitude: 'medium', bgm: true },
    [],
  ],
  [
    'E15',
    { model: 'kling-v1', prompt: '一只可爱的小狗在花园里玩耍', duration: 5 },
    { aspect_ratio: '1:1' },
    [],
  ],
])('%s reaches the vendor as gateway.md says', async (_name, body, sent, dropped) => {
  await using gateway = await startSandboxGateway();

  const reply = await create(gateway, body);

  expect(reply.status).toBe(200);
  expect(gateway.ledger.vendorJobs).toMatchObject([{ sent, dropped }]);
});

test('seed 0 is left out for Vidu', async () => {
  await using gateway = await startSandboxGateway();

  await create(gateway, { model: 'viduq1', prompt: 'x', metadata: { seed: 0 } });

  expect(gateway.ledger.vendorJobs[0]?.sent).not.toHaveProperty('seed');
});

test.each<[name: string, body: Record<string, unknown>, status: number, code: string]>([
  [
    'E9 in the OpenAI format',
    { model: 'sora-2', prompt: 'x', seconds: '5', size: '1920x1080' },
    400,
    'invalid_size',
  ],
  [
    'E11: Kling makes 5 or 10 seconds only',
    {
      model: 'kling-v2-master',
      image: 'https://example.com/cat.jpg',
      prompt: '猫咪慢慢睁开眼睛,伸懒腰',
      duration: 3,
      metadata: { seed: 54321, negative_prompt: '快速动作', camera_control: camera },
    },
    400,
    'task_failed',
  ],
  [
    'Sora makes 4, 8 or 12 seconds only',
    { model: 'sora-2', prompt: 'x', seconds: '5' },
    400,
    'fail_to_fetch_task',
  ],
  [
    'seconds as a number for Sora',
    { model: 'sora-2', prompt: 'x', seconds: 4 },
    400,
    'invalid_json',
  ],
  ['a blank prompt', { model: 'sora-2', prompt: '   ' }, 400, 'invalid_request'],
  ['images as a string', { model: 'kling-v1', prompt: 'x', images: 'u' }, 400, 'invalid_request'],
  [
    'a numeric metadata.duration for Kling',
    { model: 'kling-v1', prompt: 'x', metadata: { duration: 5 } },
    500,
    'build_request_failed',
  ],
  [
    'pixels with an x for Ali',
    { model: 'wan2.5-t2v-preview', prompt: 'x', size: '1280x720' },
    500,
    'build_request_failed',
  ],
])('%s is refused before anything is paid', async (_name, body, status, code) => {
  await using gateway = await startSandboxGateway();

  const reply = await create(gateway, body, { route: '/v1/videos' });

  expect([reply.status, (await json(reply))['code']]).toEqual([status, code]);
  expect(gateway.ledger.paidJobs).toEqual([]);
  expect(gateway.ledger.vendorJobs).toEqual([]);
});

test('zero values inside camera_control are left out, the rest passes', async () => {
  await using gateway = await startSandboxGateway();

  await create(gateway, { model: 'kling-v1', prompt: 'x', metadata: { camera_control: camera } });

  expect(gateway.ledger.vendorJobs[0]?.sent['camera_control']).toEqual({
    type: 'simple',
    config: { horizontal: 1, zoom: 0.5 },
  });
});

test('Sora with duration 8 is charged for 8 seconds and made with 4', async () => {
  await using gateway = await startSandboxGateway();

  const reply = await create(gateway, { model: 'sora-2', prompt: 'x', duration: 8 });

  expect(reply.headers.get('x-new-api-other-ratios')).toBe('{"seconds":8,"size":1}');
  expect((await json(reply))['seconds']).toBe('4');
  expect(gateway.ledger.paidJobs[0]?.price).toBe(400_000);
});

test('flat Ali metadata is lost, nested metadata arrives', async () => {
  await using gateway = await startSandboxGateway();
  const base = { model: 'wan2.5-t2v-preview', prompt: 'x' };

  await create(gateway, { ...base, metadata: { seed: 7 } });
  await create(gateway, { ...base, metadata: { parameters: { seed: 7 } } });

  const [flat, nested] = gateway.ledger.vendorJobs.map((job) => job.sent['parameters']);
  expect(flat).not.toHaveProperty('seed');
  expect(nested).toHaveProperty('seed', 7);
});

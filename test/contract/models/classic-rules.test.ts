import { describe, expect, test } from 'vitest';
import { evaluateRequest } from '../../../src/contract/models/evaluate-request.ts';
import { imageEncoding, modelFamily } from '../../../src/contract/model-family.ts';
import {
  type VideoFormat,
  type VideoRequest,
  videoRequestSchema,
} from '../../../src/contract/video-request.ts';
import { createGateway } from '../../../src/gateway/create-gateway.ts';
import { startWireServer } from '../../fakes/wire-server.ts';

/** The request bodies of the published examples page, unchanged. */
const examples: [name: string, format: VideoFormat, body: string, fields: string[]][] = [
  [
    'E9 workflow, Kling',
    'generations',
    '{"model":"kling-v1","prompt":"一个穿着宇航服的宇航员在月球上行走, 高品质, 电影级","size":"1920x1080","duration":5,"metadata":{"seed":20231234,"negative_prompt":"模糊, 低质量"}}',
    ['metadata.seed'],
  ],
  [
    'E9 workflow, Sora',
    'videos',
    '{"model":"sora-2","prompt":"一个穿着宇航服的宇航员在月球上行走","seconds":"5","size":"1920x1080"}',
    ['refused size', 'seconds'],
  ],
  [
    'E10 Kling text',
    'generations',
    '{"model":"kling-v1","prompt":"一只橘猫在阳光下打盹,毛发蓬松,表情安详","duration":5,"metadata":{"seed":12345,"negative_prompt":"模糊, 扭曲","cfg_scale":0.8}}',
    ['metadata.seed', 'size'],
  ],
  [
    'E11 Kling image',
    'generations',
    '{"model":"kling-v2-master","image":"https://example.com/cat.jpg","prompt":"猫咪慢慢睁开眼睛,伸懒腰","duration":3,"metadata":{"seed":54321,"negative_prompt":"快速动作","camera_control":{"type":"simple","config":{"horizontal":1.0,"vertical":0,"zoom":0.5}}}}',
    ['metadata.seed', 'duration'],
  ],
  [
    'E12 Jimeng text',
    'generations',
    '{"model":"jimeng_vgfm_t2v_l20","prompt":"海浪拍打着礁石,溅起白色的浪花","metadata":{"req_key":"jimeng_vgfm_t2v_l20","aspect_ratio":"16:9","duration":5}}',
    ['metadata.duration'],
  ],
  [
    'E13 Jimeng image',
    'generations',
    '{"model":"jimeng_vgfm_i2v_l20","image":"https://example.com/landscape.jpg","prompt":"云朵缓缓飘过天空","metadata":{"req_key":"jimeng_vgfm_i2v_l20","image_urls":["https://example.com/landscape.jpg"],"aspect_ratio":"16:9"}}',
    [],
  ],
  [
    'E14 Vidu',
    'generations',
    '{"model":"viduq1","prompt":"未来城市的夜景,霓虹灯闪烁","size":"1920x1080","duration":5,"metadata":{"resolution":"1080p","movement_amplitude":"medium","bgm":true,"seed":0,"callback_url":"https://your-callback-url.com/webhook"}}',
    ['metadata.callback_url', 'size', 'metadata.seed'],
  ],
  [
    'E15 class example',
    'generations',
    '{"model":"kling-v1","prompt":"一只可爱的小狗在花园里玩耍","duration":5}',
    ['size'],
  ],
];

describe('the published examples', () => {
  test.each(examples)(
    '%s is accepted unchanged, with exactly its warnings',
    async (_, format, text, fields) => {
      const request: VideoRequest = { format, body: JSON.parse(text) };
      expect(videoRequestSchema.parse(request)).toEqual(request);
      expect(fieldsOf(evaluateRequest(request, { host: 'classic' }))).toEqual(fields);
      await using server = await startWireServer({ body: '{"id":"task_1"}' });
      const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
      await gateway.submit(request, { timeoutMs: 5_000 });
      // JSON has one way to write 1.0.
      expect(server.seen[0]?.body).toBe(text.replace('1.0,', '1,'));
    },
  );
});

test.each(examples)('%s is sent by default, unless its size is no Sora size', (name, ...given) => {
  const [format, text] = given;
  const { refusals } = evaluateRequest({ format, body: JSON.parse(text) });
  const refused = refusals.map(({ field }) => field);
  expect(refused).toEqual(name === 'E9 workflow, Sora' ? ['size'] : []);
});

/** `model {more of the body}` on a route → fields, refused ones marked. */
const traps: [row: string, fields: string[]][] = [
  ['generations kling-v1 {"size":"1280x720"}', []],
  ['generations kling-v1 {"size":"1024x576"}', ['size']],
  ['generations kling-v1 {"size":"1024x576","metadata":{"aspect_ratio":"16:9"}}', []],
  [
    'generations kling-v1 {"size":"1280x720","metadata":{"duration":10}}',
    ['refused metadata.duration'],
  ],
  ['generations kling-v1 {"size":"1280x720","metadata":{"duration":"10"}}', []],
  [
    'generations kling-v1 {"size":"1280x720","metadata":{"cfg_scale":"0.5"}}',
    ['refused metadata.cfg_scale'],
  ],
  ['generations kling-v1 {"size":"1280x720","metadata":{"cfg_scale":0}}', ['metadata.cfg_scale']],
  ['generations kling-v1 {"size":"1280x720","metadata":"{\\"seed\\":1}"}', ['metadata.seed']],
  ['generations kling-v1 {"size":"1280x720","metadata":"{seed"}', ['metadata']],
  ['generations kling-v1 {"size":"1280x720","metadata":[1]}', ['metadata']],
  ['generations kling-v1 {"size":"1280x720","duration":7}', ['duration']],
  ['generations kling-v1 {"size":"1280x720","duration":"5"}', ['duration']],
  [
    'generations kling-v1 {"size":"1280x720","seed":1,"fps":24,"width":1,"height":1,"n":1}',
    ['width', 'height', 'fps', 'n', 'seed'],
  ],
  ['videos kling-v1 {"size":"1280x720","seconds":5}', ['seconds']],
  ['videos kling-v1 {"size":"1280x720","seconds":"5"}', []],
  ['generations jimeng_vgfm_t2v_l20 {"duration":3}', ['duration']],
  ['generations jimeng_vgfm_t2v_l20 {"duration":10,"seed":7}', ['seed']],
  ['generations viduq1 {"size":"1920x1080"}', ['size']],
  ['generations viduq1 {"size":"1080p","metadata":{"style":"anime"}}', ['metadata.style']],
  ['videos sora-2 {"size":"1280x720","seconds":"8"}', []],
  ['videos sora-2 {"size":"1792x1024"}', ['refused size']],
  ['videos sora-2-pro {"size":"1792x1024"}', []],
  ['videos sora-2-pro {"size":"1920x1080"}', ['refused size']],
  ['videos sora-2 {"seconds":4}', ['refused seconds']],
  ['generations sora-2 {"duration":8}', ['duration']],
  ['videos sora-2 {"seconds":"4","duration":4}', ['seconds']],
  ['videos wan2.5-t2v-preview {"seconds":5}', ['refused seconds']],
  ['videos wan2.5-t2v-preview {"size":"1280x720"}', ['size']],
  ['videos wan2.5-t2v-preview {"size":"1280*720","metadata":{"seed":1}}', ['metadata.seed']],
  ['videos wan2.5-t2v-preview {"metadata":{"input":{},"parameters":{"seed":1}}}', []],
  ['videos MiniMax-Hailuo-02 {"metadata":{"resolution":"768P","seed":1}}', ['metadata.seed']],
  [
    'videos doubao-seedance-1-0-pro-250528 {"metadata":{"camera_fixed":true,"fps":24}}',
    ['metadata.fps'],
  ],
  [
    'videos veo-3.0-generate-001 {"metadata":{"durationSeconds":8,"duration":8}}',
    ['metadata.duration'],
  ],
  ['videos any-model {"duration":-1}', ['refused duration']],
  ['videos any-model {"duration":3601}', ['refused duration']],
  ['videos any-model {"duration":3.5}', ['duration']],
  ['videos any-model {"seconds":"9999"}', ['refused seconds']],
  ['videos any-model {"metadata":"oops"}', ['metadata']],
  ['videos any-model {"metadata":{"callback_url":"https://x"}}', ['metadata.callback_url']],
  [
    'videos kling-3.0-turbo-720p {"size":"16:9","duration":7,"seed":1,"metadata":{"firstFrame":"x"}}',
    [],
  ],
  ['videos SD2.5 {"seconds":15,"n":1,"metadata":{"anything":1}}', []],
];

test.each(traps)('%s', (row, fields) => {
  const [, format, model, more = '{}'] = /^(\S+) (\S+) (.*)$/.exec(row) ?? [];
  const body = { model, prompt: 'a cat', ...JSON.parse(more) };
  expect(
    fieldsOf(evaluateRequest(videoRequestSchema.parse({ format, body }), { host: 'classic' })),
  ).toEqual(fields);
});

test('a request is never changed', () => {
  const body = { model: 'kling-v1', prompt: 'p', duration: 3, metadata: { seed: 1 } };
  const before = structuredClone(body);
  evaluateRequest({ format: 'videos', body }, { host: 'classic' });
  expect(body).toEqual(before);
});

test.each([
  ['kling-v2-master', 'kling', 'base64'],
  ['kling-3.0-turbo-720p', 'other', 'data-uri'],
  ['Kling-v1', 'other', 'data-uri'],
  ['jimeng_v30', 'jimeng', 'base64'],
  ['vidu2.0', 'vidu', 'data-uri'],
  ['sora-2-pro', 'sora', 'data-uri'],
  ['wan2.5-t2v-preview', 'ali', 'data-uri'],
  ['wan3.0-video-480p', 'other', 'data-uri'],
  ['MiniMax-Hailuo-02', 'hailuo', 'data-uri'],
  ['veo-3.1-fast-generate-preview', 'gemini', 'data-uri'],
  ['veo-3.1', 'other', 'data-uri'],
  ['Seedance-2.0-720p官方版', 'other', 'data-uri'],
])('%s is %s, images as %s', (model, family, encoding) => {
  expect([modelFamily(model), imageEncoding(model)]).toEqual([family, encoding]);
});

function fieldsOf({
  refusals,
  warnings,
}: Pick<ReturnType<typeof evaluateRequest>, 'refusals' | 'warnings'>): string[] {
  return [
    ...refusals.map(({ field }) => `refused ${field}`),
    ...warnings.map(({ field }) => field),
  ];
}

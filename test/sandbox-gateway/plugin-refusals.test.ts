import { expect, test } from 'vitest';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { create, json, type Body } from './sandbox-client.ts';

const plugins = { generation: 'plugins' } as const;
const route = { route: '/v1/videos' };
const xm = { model: 'SD2.5 720P', prompt: 'a red kite' };
const series = { model: 'SD2.5', prompt: 'a red kite', ratio: '16:9' };
const veo = { model: 'veo-3.1', prompt: 'a red kite' };
const grok = { model: 'grok-imagine-video-1.5', prompt: 'a red kite' };
const picture = 'https://files.example/a.jpg';
const second = 'https://files.example/b.jpg';
const png = 'data:image/png;base64,iVBORw0KGgo=';

test.each<[what: string, body: Body]>([
  ['a fraction', { ...xm, duration: 5.5 }],
  ['31 s of SD2.5', { ...xm, duration: 31 }],
  ['an unknown ratio', { ...xm, ratio: '2:3' }],
  ['callback_url of SD2.5', { ...xm, callback_url: 'https://hook.example/v' }],
  ['a seed as text', { ...xm, seed: '42' }],
  ['sound as text', { ...xm, generate_audio: 'true' }],
  ['SD2.5 without a prompt', { model: xm.model, images: [picture] }],
  ['a last frame alone', { ...xm, lastFrame: picture }],
  ['frames and references', { ...xm, images: [picture], metadata: { firstFrame: second } }],
  ['31 pictures', { ...xm, images: Array.from({ length: 31 }, () => picture) }],
  ['a list as metadata', { ...xm, metadata: '[1]' }],
  ['4k of the series', { ...series, resolution: '4k' }],
  ['5 s of Veo', { ...veo, duration: 5 }],
  ['two lengths of Veo', { ...veo, duration: 8, seconds: '4' }],
  ['a resolution of Veo in capitals', { ...veo, resolution: '1080P' }],
  ['resolution against size', { ...veo, resolution: '720p', size: '1920x1080' }],
  ['a size that Veo does not know', { ...veo, size: '1024x1024' }],
  ['a 360p size of Veo', { ...veo, size: '640x360' }],
  ['a square Veo', { ...veo, ratio: '1:1' }],
  ['three pictures at 6 s', { ...veo, duration: 6, images: [picture, picture, picture] }],
  ['four pictures of Veo', { ...veo, images: [picture, picture, picture, picture] }],
  ['WebP of Veo', { ...veo, image: 'data:image/webp;base64,UklGRg==' }],
  ['a frame beside pictures', { ...veo, first_frame: picture, images: [second] }],
  ['two Veo videos', { ...veo, n: 2 }],
  ['response_format of Veo', { ...veo, response_format: 'url' }],
  ['metadata of Veo as text', { ...veo, metadata: '{"seed":7}' }],
  ['an extension with a length', { ...veo, video: picture, duration: 8 }],
  ['16 s of Grok', { ...grok, duration: 16 }],
  ['pixels of Grok', { ...grok, size: '1280x720' }],
  ['two ratios of Grok', { ...grok, ratio: '16:9', size: '9:16' }],
  ['two pictures of Grok', { ...grok, images: [picture, second] }],
  ['a data URI of Grok', { ...grok, image: png }],
  ['Grok without prompt and picture', { model: grok.model }],
])('%s is refused before a channel is chosen and costs nothing', async (_what, body) => {
  await using gateway = await startSandboxGateway(plugins);

  const reply = await create(gateway, body, route);

  expect(reply.status).toBe(400);
  expect((await json(reply))['error']).toEqual({
    code: '',
    type: 'new_api_error',
    message: expect.stringMatching(/ \(request id: \w+\)$/),
  });
  expect([gateway.ledger.paidJobs, gateway.ledger.vendorJobs]).toEqual([[], []]);
});

test.each<[body: Body, code: string]>([
  [{ model: 'SD2.5', prompt: 'a red kite' }, 'plugin_request_invalid'],
  [{ ...series, ratio: 'auto' }, 'plugin_request_invalid'],
  [{ ...veo, metadata: { duration: 4000 } }, 'plugin_usage_invalid'],
  [{ ...veo, callback_url: 7 }, 'invalid_callback_url'],
])('%j is refused with %s and costs nothing', async (body, code) => {
  await using gateway = await startSandboxGateway(plugins);

  const reply = await create(gateway, body, route);

  expect([reply.status, await json(reply)]).toEqual([
    400,
    { code, message: expect.any(String), data: null },
  ]);
  expect(gateway.ledger.paidJobs).toEqual([]);
});

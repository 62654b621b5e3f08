import { expect, test } from 'vitest';
import { evaluateRequest } from '../../../src/contract/models/evaluate-request.ts';

/** `model` by a plugin, and more of the body → what is made, or the fields that are refused. */
const rows: [model: string, plugin: string, more: object, found: object | string[]][] = [
  ['SD2.5 720P', 'xm-video', { duration: '5.0' }, { seconds: 5 }],
  ['SD2.5 720P', 'xm-video', { duration: null, seconds: 8 }, { seconds: 8 }],
  ['SD2.5 720P', 'xm-video', { duration: true }, ['duration']],
  ['SD2.5 720P', 'xm-video', { duration: '0', seconds: 0 }, { seconds: 5 }],
  ['SD2.5', 'xm-video', { metadata: { quality: 720 } }, { resolution: '720p' }],
  ['SD2.5', 'xm-video', { size: '1080x1920' }, { resolution: '1080p', ratio: '9:16' }],
  ['SD2.5', 'xm-video', { resolution: '720P', size: '1920x1080' }, { resolution: '720p' }],
  ['SD2.5 720P', 'xm-video', { ratio: 16, size: '9:16' }, { ratio: '9:16' }],
  ['SD2.5 720P', 'xm-video', { image: { url: 'https://files.example/a.png' } }, { media: [] }],
  ['SD2.5 720P', 'xm-video', { images: [''] }, ['images']],
  [
    'SD2.5 720P',
    'xm-video',
    { images: [], image: 'x' },
    { media: [{ field: 'image', role: 'reference' }] },
  ],
  ['SD2.0 720P', 'xm-video', { prompt: undefined, media: [{ url: 'x' }] }, { seconds: 5 }],
  ['SD2.5 720P', 'xm-video', { seed: 1.5 }, ['seed']],
  ['SD2.5 720P', 'xm-video', { callback_url: '' }, { seconds: 5 }],
  ['veo-3.1', 'vertex-omni', { seconds: '8', duration: 8 }, { seconds: 8 }],
  ['veo-3.1', 'vertex-omni', { duration: null }, ['duration']],
  ['veo-3.1', 'vertex-omni', { n: '1' }, { seconds: 8 }],
  ['veo-3.1', 'vertex-omni', { size: '640x360' }, ['size']],
  ['veo-3.1', 'vertex-omni', { size: '1280x720', resolution: '1080p' }, ['size']],
  ['veo-3.1', 'vertex-omni', { seed: '4294967296' }, ['seed']],
  ['gemini-omni-flash', 'vertex-omni', { size: '360x640' }, { resolution: '720p', ratio: '9:16' }],
  ['gemini-omni-flash', 'vertex-omni', { size: '1920x1080' }, ['size']],
  [
    'gemini-omni-flash-1.1',
    'vertex-omni',
    { video: 'https://files.example/v.mp4', ratio: '16:9' },
    ['ratio'],
  ],
  ['grok-imagine-video', 'grok-video', { duration: '15' }, { seconds: 15 }],
  ['grok-imagine-video', 'grok-video', { resolution: 480 }, { resolution: '720p' }],
  ['grok-imagine-video', 'grok-video', { resolution: '480' }, { resolution: '480p' }],
  ['grok-imagine-video', 'grok-video', { ratio: '1:1', size: '1280x720' }, { ratio: '1:1' }],
  ['grok-imagine-video', 'grok-video', { ratio: '1:1', aspect_ratio: '16:9' }, ['ratio']],
  ['grok-imagine-video', 'grok-video', { aspect_ratio: '1:1', size: '16:9' }, { ratio: '1:1' }],
  ['grok-imagine-video', 'grok-video', { images: [7, null] }, { media: [] }],
  ['doubao-seedance-2-0-260128', 'sdgo-video', { size: '1080p' }, { resolution: '1080p' }],
  ['doubao-seedance-2-0-260128', 'sdgo-video', { size: '1080p', resolution: '720p' }, ['size']],
  ['doubao-seedance-2-0-260128', 'sdgo-video', { size: '1:1', ratio: '16:9' }, ['size']],
  [
    'doubao-seedance-2-0-260128',
    'sdgo-video',
    { duration: 4, metadata: { seconds: 9 } },
    { seconds: 4 },
  ],
  ['doubao-seedance-2-0-260128', 'sdgo-video', { generate_audio: 'no' }, ['generate_audio']],
  [
    'doubao-seedance-2-0-260128',
    'sdgo-video',
    { videos: ['data:video/mp4;base64,AA=='] },
    ['videos'],
  ],
  [
    'doubao-seedance-2-5-260628',
    'sdgo-video',
    { omni_reference_task_type: 'cut' },
    ['omni_reference_task_type'],
  ],
  ['minimax-h3-768p', 'minimax-h3', { ratio: 'adaptive' }, ['ratio']],
  ['minimax-h3-768p', 'minimax-h3', { size: '1366x768' }, { resolution: '768p', ratio: '16:9' }],
  ['minimax-h3-768p', 'minimax-h3-async', { size: '1024x1024' }, ['size']],
  [
    'minimax-h3-768p',
    'minimax-h3-async',
    { duration: 5, metadata: { seconds: '6' } },
    ['metadata.seconds'],
  ],
  ['minimax-h3-768p', 'h3-video', { resolution: '720p' }, ['resolution']],
  ['wan3.0-video', 'alibaba', { resolution: 720 }, { resolution: '720P', seconds: 5 }],
  ['wan2.5-t2v-preview', 'alibaba', { resolution: '480p', ratio: '4:3' }, ['ratio']],
  ['wan2.6-t2v', 'alibaba', { size: '1104x832' }, { resolution: '720P', ratio: '4:3' }],
  ['wan2.6-t2v', 'alibaba', { seconds: '5.5' }, ['seconds']],
  ['wan3.0-video', 'alibaba', { seed: -1 }, { seconds: 5 }],
  ['wan2.6-t2v', 'alibaba', { seed: -1 }, ['seed']],
  ['kling-v1', 'kling', { mode: 'fast' }, ['mode']],
  ['viduq1', 'vidu', { resolution: '4k' }, ['resolution']],
  ['MiniMax-Hailuo-02', 'hailuo', { metadata: { resolution: '768p' } }, ['metadata.resolution']],
  ['veo-3.1-generate-001', 'google', { resolution: '480p' }, ['resolution']],
  ['sora-2', 'sora', { size: '1920x1080' }, ['size']],
];

test.each(rows)('%s on %s, %j: %j', (model, plugin, more, found) => {
  const body = { model, prompt: 'a kite', ...more };
  const { makes, refusals } = evaluateRequest({ format: 'videos', body }, { plugins: [plugin] });
  const fields = refusals.map(({ field }) => field);
  if (Array.isArray(found)) expect(fields).toEqual(found);
  else expect([makes, fields]).toEqual([expect.objectContaining(found), []]);
});

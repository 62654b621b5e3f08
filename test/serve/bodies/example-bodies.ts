import type { VideoFormat } from '../../../src/contract/video-request.ts';

/** Bodies in the forms that the operator documents, with prompts of our own. */
export const exampleBodies: readonly {
  name: string;
  format: VideoFormat;
  body: { model: string; [field: string]: unknown };
}[] = [
  {
    name: 'of the whole workflow, older route',
    format: 'generations',
    body: {
      model: 'kling-v1',
      prompt: '月球上的宇航员, film look',
      size: '1920x1080',
      duration: 5,
      metadata: { seed: 20231234, negative_prompt: '模糊' },
    },
  },
  {
    name: 'of the whole workflow, OpenAI route',
    format: 'videos',
    body: { model: 'sora-2', prompt: '月球上的宇航员', seconds: '5', size: '1920x1080' },
  },
  {
    name: 'of Kling, from text',
    format: 'generations',
    body: {
      model: 'kling-v1',
      prompt: '一只橘猫',
      duration: 5,
      metadata: { seed: 12345, negative_prompt: '扭曲', cfg_scale: 0.8 },
    },
  },
  {
    name: 'of Kling, from an image',
    format: 'generations',
    body: {
      model: 'kling-v2-master',
      image: 'https://example.com/cat.jpg',
      prompt: '猫咪伸懒腰',
      duration: 3,
      metadata: {
        seed: 54321,
        negative_prompt: '快速动作',
        camera_control: { type: 'simple', config: { horizontal: 1, vertical: 0, zoom: 0.5 } },
      },
    },
  },
  {
    name: 'of Jimeng, from text',
    format: 'generations',
    body: {
      model: 'jimeng_vgfm_t2v_l20',
      prompt: '海浪',
      metadata: { req_key: 'jimeng_vgfm_t2v_l20', aspect_ratio: '16:9', duration: 5 },
    },
  },
  {
    name: 'of Jimeng, from an image',
    format: 'generations',
    body: {
      model: 'jimeng_vgfm_i2v_l20',
      image: 'https://example.com/landscape.jpg',
      prompt: '云朵',
      metadata: {
        req_key: 'jimeng_vgfm_i2v_l20',
        image_urls: ['https://example.com/landscape.jpg'],
        aspect_ratio: '16:9',
      },
    },
  },
  {
    name: 'of Vidu',
    format: 'generations',
    body: {
      model: 'viduq1',
      prompt: '未来城市',
      size: '1920x1080',
      duration: 5,
      metadata: {
        resolution: '1080p',
        movement_amplitude: 'medium',
        bgm: true,
        seed: 0,
        callback_url: 'https://hooks.example.com/video',
      },
    },
  },
  {
    name: 'of the client class',
    format: 'generations',
    body: { model: 'kling-v1', prompt: '小狗', duration: 5 },
  },
];

import type { VideoRequest } from '../../src/contract/video-request.ts';

/** The first body of the published examples page. */
export const astronaut: VideoRequest = {
  format: 'generations',
  body: {
    model: 'kling-v1',
    prompt: '一个穿着宇航服的宇航员在月球上行走, 高品质, 电影级',
    size: '1920x1080',
    duration: 5,
    metadata: { seed: 20231234, negative_prompt: '模糊, 低质量' },
  },
};

/** A request whose scenario in the sandbox gateway is chosen by its prompt. */
export function playing(
  scenario: string,
  format: VideoRequest['format'] = 'generations',
): VideoRequest {
  const prompt = `[sandbox: ${scenario}] a cat`;
  return format === 'generations'
    ? { format, body: { model: 'kling-v1', prompt, size: '1280x720', duration: 5 } }
    : { format, body: { model: 'sora-2', prompt, size: '1280x720', seconds: '4' } };
}

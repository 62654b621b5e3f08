import type { VideoRequest } from '../../src/contract/video-request.ts';

/** Too long for a history. */
export const dataUri = `data:image/png;base64,${'A'.repeat(9_000)}`;

export const inlineRequest: VideoRequest = {
  format: 'videos',
  body: { model: 'kling-v1', prompt: 'p', image: dataUri },
};

/** The digest of {@link inlineRequest} as versions before the stored data URIs computed it; claims of users hold it. */
export const digestBefore = '71b13a5c046b613161c2c59340d1874ff3737db5a00d4cbb21d861def8247aba';

import type { VideoFormat } from './video-request.ts';

/** The route that 88API recommends. */
export const defaultFormat: VideoFormat = 'videos';

/** File extensions by content type. That of MP4 never changes, because videos are looked up by it. */
export const videoEndings = {
  'video/mp4': '.mp4',
  'video/quicktime': '.mov',
  'video/webm': '.webm',
  'video/x-matroska': '.mkv',
  'video/mp2t': '.ts',
} as const;

/** Content type of a video. */
export type VideoType = keyof typeof videoEndings;

/** A delivered file, verified and committed under `key`. */
export interface StoredVideo {
  /** Object key in the storage, e.g. `videos/demo-1f0e….mp4`. */
  key: string;
  /** Location of the file, e.g. `file:///srv/videos/demo-1f0e….mp4`. Contains no secret. */
  uri: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** Detected from the bytes, not from the vendor's header. */
  contentType: VideoType;
  durationSeconds: number;
  /** Displayed size in pixels. */
  width: number;
  height: number;
  hasAudio: boolean;
  /** Differences from the request, such as length or size. The file is delivered anyway. */
  warnings: string[];
}

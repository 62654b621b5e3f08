/** How each kind of file is named; the key of an MP4 never changes, since videos are found by it. */
export const videoEndings = {
  'video/mp4': '.mp4',
  'video/quicktime': '.mov',
  'video/webm': '.webm',
  'video/x-matroska': '.mkv',
  'video/mp2t': '.ts',
} as const;

export type VideoType = keyof typeof videoEndings;

/** The delivered file: verified, hashed, and committed under `key`. */
export interface StoredVideo {
  /** Object key in the storage, e.g. `videos/demo-1f0e….mp4`. */
  key: string;
  /** Where the file is, e.g. `file:///srv/videos/demo-1f0e….mp4`. Holds no secret. */
  uri: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** What the bytes are, whatever the vendor called them. */
  contentType: VideoType;
  durationSeconds: number;
  /** Displayed size in pixels. */
  width: number;
  height: number;
  hasAudio: boolean;
  /** Where the file differs from what was asked (length, size); it is delivered all the same. */
  warnings: string[];
}

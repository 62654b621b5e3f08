/** The delivered file: verified, hashed, and committed under `key`. */
export interface StoredVideo {
  /** Object key in the storage, e.g. `videos/demo-1f0e….mp4`. */
  key: string;
  /** Where the file is, e.g. `file:///srv/videos/demo-1f0e….mp4`. Holds no secret. */
  uri: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
  contentType: 'video/mp4';
  durationSeconds: number;
  /** Displayed size in pixels. */
  width: number;
  height: number;
  hasAudio: boolean;
  /** Where the file differs from what was asked (length, size); it is delivered all the same. */
  warnings: string[];
}

import type { Charge } from './charge.ts';
import { type StoredVideo, videoEndings } from './stored-video.ts';
import type { VideoFormat, VideoRequest } from './video-request.ts';

/** What is known of a stored video, in a small JSON file beside it. Fields are only ever added. Holds no secret. */
export interface VideoSidecar extends Omit<StoredVideo, 'key' | 'uri'> {
  /** The workflow id. */
  videoId: string;
  jobId: string;
  format: VideoFormat;
  /** Absent for an adopted job whose request nobody told. */
  model?: string;
  /** As it was asked for; images stand as digests. */
  request?: VideoRequest;
  /** SHA-256 (hex) of the canonical request. */
  requestDigest?: string;
  /** ISO 8601, UTC. */
  storedAt: string;
  /** A video that is there was charged. */
  billed: 'yes';
  /** What the gateway says it charged; absent where it did not say. */
  charged?: Charge;
  /** Where the bytes came from, e.g. `https://media.example`: no path, no query. Absent for one inside an address. */
  sourceOrigin?: string;
}

/** Larger than any request. */
export const maxSidecarBytes = 1024 * 1024;

/** Reads the text of a sidecar; null for anything else, also for one that is cut. */
export function readSidecar(text: string): VideoSidecar | null {
  try {
    const given: unknown = JSON.parse(text);
    return isSidecar(given) ? given : null;
  } catch {
    return null;
  }
}

const fields = {
  videoId: 'string',
  jobId: 'string',
  format: 'string',
  sha256: 'string',
  sizeBytes: 'number',
  contentType: 'string',
  durationSeconds: 'number',
  width: 'number',
  height: 'number',
  hasAudio: 'boolean',
  warnings: 'object',
  storedAt: 'string',
  billed: 'string',
} as const satisfies Partial<Record<keyof VideoSidecar, string>>;

function isSidecar(given: unknown): given is VideoSidecar {
  if (typeof given !== 'object' || given === null) return false;
  const found = new Map(Object.entries(given));
  const typed = Object.entries(fields).every(([name, type]) => typeof found.get(name) === type);
  const isKnownType = Object.hasOwn(videoEndings, String(found.get('contentType')));
  return typed && isKnownType && Array.isArray(found.get('warnings'));
}

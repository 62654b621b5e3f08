import type { Charge } from './charge.ts';
import { type StoredVideo, videoEndings } from './stored-video.ts';
import type { VideoFormat, VideoRequest } from './video-request.ts';

/** Metadata of a stored video, in a small JSON file next to it. New fields are optional. Contains no secret. */
export interface VideoSidecar extends Omit<StoredVideo, 'key' | 'uri'> {
  /** The workflow id. */
  videoId: string;
  jobId: string;
  format: VideoFormat;
  /** Absent for an adopted job whose request is unknown. */
  model?: string;
  /** The request, with images as digests. */
  request?: VideoRequest;
  /** SHA-256 (hex) of the canonical request. */
  requestDigest?: string;
  /** ISO 8601, UTC. */
  storedAt: string;
  /** A delivered video was charged. */
  billed: 'yes';
  /** What the gateway has reported as charged; absent if it has not. */
  charged?: Charge;
  /** Seconds from the submit to the completion at the gateway; absent if unknown. */
  jobSeconds?: number;
  /** Origin of the bytes, e.g. `https://media.example`. Absent for a video in a data URI. */
  sourceOrigin?: string;
}

/** Larger than any request, which the sidecar contains. */
export const maxSidecarBytes = 1024 * 1024;

/** Parses a sidecar; null for anything else, including a truncated one. */
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

import { createHash } from 'node:crypto';
import { maxImageBytes, maxTextChars } from '../../contract/stored-inputs.ts';
import { storedImagePrefix, type MediaKind } from '../../contract/video-request.ts';
import { mediaType } from '../media-type.ts';
import { imageKey } from '../../identity/object-key.ts';
import { StorageError } from '../storage-error.ts';
import type { VideoStorage } from '../video-storage.ts';

/** The gateway's upload limit. */
export const maxMediaBytes = 100_000_000;

/**
 * Input images, videos and audio by digest. A request refers to them as `stored-image:sha256:<hex>`, which keeps the
 * bytes out of workflow histories.
 */
export interface StoredImages {
  /**
   * Stores a media file and returns its reference for a request. `kind` defaults to image.
   *
   * @throws {RangeError} The file is of another kind or too large.
   */
  put(bytes: Uint8Array, kind?: MediaKind): Promise<string>;
  /** Returns the bytes, verified against the digest. Null if nothing is stored. */
  get(reference: string): Promise<{ bytes: Uint8Array; contentType: string } | null>;
  /** Stores a data URI verbatim. @param sha256 Digest of its text. @throws {RangeError} It is too large. */
  putText(text: string, sha256: string): Promise<void>;
  /** Returns the stored text. Null if nothing is stored. */
  getText(sha256: string): Promise<string | null>;
}

export function createStoredImages({ storage }: { storage: VideoStorage }): StoredImages {
  return {
    put: async (bytes, kind) => {
      const reference = mediaReference(bytes, kind);
      await storage.writeSmall(imageKey(reference.slice(storedImagePrefix.length)), bytes);
      return reference;
    },
    get: async (reference) => {
      const sha256 = reference.slice(storedImagePrefix.length);
      const bytes = await storage.readSmall(imageKey(sha256), maxMediaBytes);
      if (bytes === null) return null;
      const contentType = mediaType(bytes);
      if (digest(bytes) !== sha256 || contentType === null) {
        throw new StorageError(`Cannot use image "${sha256}": its bytes do not match its digest`);
      }
      return { bytes, contentType };
    },
    putText: async (text, sha256) => {
      if (text.length > maxTextChars) {
        throw new RangeError(`A data URI has ${text.length} characters, more than ${maxTextChars}`);
      }
      await storage.writeSmall(imageKey(sha256), Buffer.from(text));
    },
    getText: async (sha256) => {
      const bytes = await storage.readSmall(imageKey(sha256), maxMediaBytes);
      if (bytes === null) return null;
      if (digest(bytes) === sha256) return Buffer.from(bytes).toString('utf8');
      throw new StorageError(`Cannot use data URI "${sha256}": its text does not match its digest`);
    },
  };
}

/** Returns the reference for a media file without storing it. @throws {RangeError} As `put`. */
export function mediaReference(bytes: Uint8Array, kind: MediaKind = 'image'): string {
  const maxBytes = kind === 'image' ? maxImageBytes : maxMediaBytes;
  if (bytes.length > maxBytes) {
    throw new RangeError(`The ${kind} has ${bytes.length} bytes, more than ${maxBytes}`);
  }
  if (!mediaType(bytes)?.startsWith(`${kind}/`)) throw new RangeError(kindFaults[kind]);
  return storedImagePrefix + digest(bytes);
}

const kindFaults: Readonly<Record<MediaKind, string>> = {
  image: 'The file is not a PNG, JPEG, WebP or GIF image',
  video: 'The file is not an MP4, MOV or WebM video',
  audio: 'The file is not an MP3, WAV, Ogg, M4A or FLAC audio file',
};

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

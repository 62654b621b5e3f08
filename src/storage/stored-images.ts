import { createHash } from 'node:crypto';
import { storedImagePrefix } from '../contract/video-request.ts';
import { imageKey } from './object-key.ts';
import { StorageError } from './storage-error.ts';
import type { VideoStorage } from './video-storage.ts';

/** Vendors take 4.7 to 20 MB; more is surely a mistake. */
export const maxImageBytes = 20 * 1024 * 1024;

/**
 * Input images by digest: the request names `stored-image:sha256:<hex>`, the bytes stay out of every history.
 */
export interface StoredImages {
  /** Stores an image and gives the string that stands for it in a request. @throws {RangeError} not an image */
  put(bytes: Uint8Array): Promise<string>;
  /** The bytes, checked against the digest; null when nothing is stored. */
  get(reference: string): Promise<{ bytes: Uint8Array; contentType: string } | null>;
}

export function createStoredImages({ storage }: { storage: VideoStorage }): StoredImages {
  return {
    put: async (bytes) => {
      const reference = imageReference(bytes);
      await storage.writeSmall(imageKey(reference.slice(storedImagePrefix.length)), bytes);
      return reference;
    },
    get: async (reference) => {
      const sha256 = reference.slice(storedImagePrefix.length);
      const bytes = await storage.readSmall(imageKey(sha256), maxImageBytes);
      if (bytes === null) return null;
      const contentType = imageType(bytes);
      if (digest(bytes) !== sha256 || contentType === null) {
        throw new StorageError(`Cannot use image "${sha256}": its bytes are not what was stored`);
      }
      return { bytes, contentType };
    },
  };
}

/** The string that stands for an image in a request, whether it is stored or not. @throws {RangeError} not an image */
export function imageReference(bytes: Uint8Array): string {
  if (bytes.length > maxImageBytes) {
    throw new RangeError(`The image has ${bytes.length} bytes, more than ${maxImageBytes}`);
  }
  if (imageType(bytes) === null)
    throw new RangeError('The file is no PNG, JPEG, WebP or GIF image');
  return storedImagePrefix + digest(bytes);
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The type by content; a file name proves nothing. */
function imageType(bytes: Uint8Array): string | null {
  const latin = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (latin.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (latin.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (latin.startsWith('RIFF') && latin.slice(8) === 'WEBP') return 'image/webp';
  return latin.startsWith('GIF8') ? 'image/gif' : null;
}

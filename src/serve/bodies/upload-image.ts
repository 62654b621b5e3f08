import { createHash, randomUUID } from 'node:crypto';
import { maxImageBytes } from '../../contract/stored-inputs.ts';
import { storedImagePrefix } from '../../contract/video-request.ts';
import { imageKey } from '../../identity/object-key.ts';
import { mediaType } from '../../storage/media-type.ts';
import type { StagedFile, VideoStorage } from '../../storage/video-storage.ts';
import type { ApiError } from '../http/api-error.ts';
import { badBody, tooLarge } from './body-fault.ts';
import type { PartSink } from './read-multipart.ts';

/** Largest file of a form, as at the gateway. A file that is no usable image is read and dropped up to here. */
export const maxFileBytes = 100_000_000;

/** Enough bytes to tell the type of a file. */
const signatureBytes = 12;
const acceptedTypes = ['image/png', 'image/jpeg', 'image/webp'];

/** An image that is not visible in the storage yet. */
export interface PendingImage {
  /** `stored-image:sha256:<hex>` */
  reference: string;
  /** Makes it visible. An equal image that is stored already is replaced by the same bytes. */
  commit(): Promise<void>;
}

/** An upload in progress. */
export interface ImageUpload extends PartSink {
  /** The image, after `end`. */
  image(): PendingImage;
  /** Removes what was written. No effect after a commit. */
  discard(): Promise<void>;
}

/**
 * Streams a file of a form into the storage. Its content decides whether it is an image; name and declared type do not
 * matter, because SDKs send `upload` and `application/octet-stream`.
 *
 * @param field For messages.
 */
export function uploadImage(storage: Pick<VideoStorage, 'stage'>, field: string): ImageUpload {
  let head: Uint8Array = new Uint8Array();
  let staged: StagedFile | undefined;
  let sizeBytes = 0;
  let fault: ApiError | undefined;
  let image: PendingImage | undefined;

  const begin = async (): Promise<void> => {
    fault = typeFault(head, field);
    if (fault) return;
    // A key of its own: a storage discards what else is staged under a key.
    staged = await storage.stage(`images/upload-${randomUUID()}`);
    await staged.write(head);
  };
  const keep = async (chunk: Uint8Array): Promise<void> => {
    if (staged) return staged.write(chunk);
    head = Buffer.concat([head, chunk]);
    if (head.length >= signatureBytes) await begin();
  };
  const discard = async (): Promise<void> => staged?.discard();

  return {
    write: async (chunk) => {
      sizeBytes += chunk.length;
      if (sizeBytes > maxFileBytes) {
        throw tooLarge(`The file has more than ${maxFileBytes} bytes: send a URL`, field);
      }
      if (sizeBytes > maxImageBytes && !fault) {
        fault = badBody(
          `The image has more than ${maxImageBytes} bytes: send a smaller one`,
          field,
        );
        await discard();
      }
      if (!fault) await keep(chunk);
    },
    end: async () => {
      if (sizeBytes === 0) throw badBody('The file is empty: send an image, or no file', field);
      if (!staged && !fault) await begin();
      if (fault) throw fault;
      if (staged) image = pending(staged, await staged.seal());
    },
    image: () => {
      if (!image) throw new Error('The upload has not ended');
      return image;
    },
    discard,
  };
}

/** An image in a data URI. @throws {ApiError} 400 */
export function imageOfDataUri(
  storage: Pick<VideoStorage, 'writeSmall'>,
  { uri, field }: { uri: string; field: string },
): PendingImage {
  const [, base64] = /^data:[^,]*;base64,([A-Za-z0-9+/]+={0,2})\s*$/i.exec(uri) ?? [];
  if (base64 === undefined) {
    throw badBody('Cannot read the data URI: write it as data:image/png;base64,…', field);
  }
  const bytes = Buffer.from(base64, 'base64');
  const fault = typeFault(bytes, field);
  if (fault) throw fault;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    reference: storedImagePrefix + sha256,
    commit: () => storage.writeSmall(imageKey(sha256), bytes),
  };
}

function pending(staged: StagedFile, { sha256 }: { sha256: string }): PendingImage {
  return { reference: storedImagePrefix + sha256, commit: () => staged.commit(imageKey(sha256)) };
}

function typeFault(head: Uint8Array, field: string): ApiError | undefined {
  const type = mediaType(head) ?? 'of an unknown type';
  if (acceptedTypes.includes(type)) return undefined;
  return badBody(`The file is ${type}: send a PNG, JPEG or WebP image`, field);
}

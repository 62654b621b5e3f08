import { imageEncoding } from '../contract/model-family.ts';
import { storedImagePrefix, type VideoRequest } from '../contract/video-request.ts';
import type { StoredImages } from '../storage/stored-images.ts';

/**
 * Puts the bytes of stored images in the place of their references, as Base64 in the form that the model's vendor
 * takes. Everything else stays as it is.
 *
 * @throws {RangeError} an image that is not stored
 * @throws {StorageError}
 */
export async function inlineImages(
  request: VideoRequest,
  images: StoredImages,
): Promise<VideoRequest> {
  const encoding = imageEncoding(request.body.model);
  const inline = async (value: unknown): Promise<unknown> => {
    if (typeof value === 'string' && value.startsWith(storedImagePrefix)) {
      const image = await images.get(value);
      if (!image) throw new RangeError(`Image "${value}" is not stored; store it again`);
      const base64 = Buffer.from(image.bytes).toString('base64');
      return encoding === 'base64' ? base64 : `data:${image.contentType};base64,${base64}`;
    }
    if (Array.isArray(value)) return Promise.all(value.map(inline));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(async ([key, inner]) => [key, await inline(inner)]);
    return Object.fromEntries(await Promise.all(entries));
  };
  return { ...request, body: (await inline(request.body)) as VideoRequest['body'] };
}

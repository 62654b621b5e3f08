import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Files a vendor can deliver, made by `media/README.md`. */
export const vendorFiles = [
  '1280x720-4s.mp4',
  '1280x720-5s.mp4',
  '1280x720-8s.mp4',
  '1280x720-10s.mp4',
  '720x1280-4s.mp4',
  '720x1280-5s.mp4',
  '720x1280-8s.mp4',
  '720x1280-10s.mp4',
  '1024x1024-5s.mp4',
  '1024x1024-10s.mp4',
  '1920x1080-5s.mp4',
] as const;

/** Files that only scenarios deliver. */
export type OddFile = 'moov-last.mp4' | 'audio-short.mp4';

interface Wanted {
  width: number;
  height: number;
  madeSeconds: number;
}

/** The file nearest to the request: by shape, then length, then size. */
export function chooseMedia(wanted: Wanted): string {
  const ranked = vendorFiles.toSorted(
    (left, right) => distance(left, wanted) - distance(right, wanted),
  );
  return ranked[0] ?? '1280x720-5s.mp4';
}

/** Bytes of a media file. */
export function readMediaFile(name: string): Buffer {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const bytes = readFileSync(new URL(`./media/${name}`, import.meta.url));
  cache.set(name, bytes);
  return bytes;
}

/** Hex SHA-256, as in the paths of the media host. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const cache = new Map<string, Buffer>();

function distance(file: string, { width, height, madeSeconds }: Wanted): number {
  const [fileWidth = 0, fileHeight = 1, seconds = 0] = (file.match(/\d+/g) ?? []).map(Number);
  const shape = Math.abs(Math.log(fileWidth / fileHeight / (width / height)));
  const size = Math.abs(Math.log((fileWidth * fileHeight) / (width * height)));
  return Math.round(shape * 1000) * 1000 + Math.abs(seconds - madeSeconds) * 100 + size;
}

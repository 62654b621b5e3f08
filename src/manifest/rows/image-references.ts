import { dirname, resolve } from 'node:path';
import type { MediaKind } from '../../contract/video-request.ts';
import { FieldError, shownCell } from './field-error.ts';

/** What stands for an image file in a request, as `stored-image:sha256:…`, or why the file cannot be used. */
export type ImageReference = { reference: string } | { problem: string };

/** Looks at an image file by its absolute path: that it is there, its size, its type. */
export type ReferToImage = (path: string, kind: MediaKind) => Promise<ImageReference>;

/** Puts references in the place of image files, asking once for each file. Addresses stay. */
export type ReferToImages = (images: readonly string[], kind: MediaKind) => Promise<string[]>;

/**
 * @param manifest Path of the manifest: relative images lie beside it.
 * @returns Throws a {@link FieldError} for a file that cannot be used.
 */
export function imageReferences(manifest: string, referToImage: ReferToImage): ReferToImages {
  const asked = new Map<string, Promise<ImageReference>>();
  const ask = (path: string, kind: MediaKind) => {
    const asking = `${kind} ${path}`;
    const known = asked.get(asking) ?? referToImage(path, kind);
    asked.set(asking, known);
    return known;
  };
  return async (images, kind) => {
    const references: string[] = [];
    for (const image of images) {
      const found = isAddress(image)
        ? { reference: image }
        : await ask(resolve(dirname(manifest), image), kind);
      if ('problem' in found) throw new FieldError(`${shownCell(image)}: ${found.problem}`);
      references.push(found.reference);
    }
    return references;
  };
}

/** The same as for `generate`: the bytes of a `data:` address are refused by the size of the request. */
function isAddress(image: string): boolean {
  return /^(https?:\/\/|data:|stored-image:)/i.test(image);
}

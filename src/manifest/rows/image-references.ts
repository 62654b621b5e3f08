import { dirname, resolve } from 'node:path';
import type { MediaKind } from '../../contract/video-request.ts';
import { FieldError, shownCell } from './field-error.ts';

/** The reference of an image file in a request (`stored-image:sha256:…`), or why the file cannot be used. */
export type ImageReference = { reference: string } | { problem: string };

/** Checks an image file by its absolute path: existence, size, type. */
export type ReferToImage = (path: string, kind: MediaKind) => Promise<ImageReference>;

/** Replaces image files with references and reads each file once. Keeps URLs. */
export type ReferToImages = (images: readonly string[], kind: MediaKind) => Promise<string[]>;

/**
 * @param manifest Path of the manifest. Image paths are relative to its folder.
 * @returns A function that throws a {@link FieldError} for a file that cannot be used.
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

/** As for `generate`. A `data:` URL that is too large is rejected by the limit on the request size. */
function isAddress(image: string): boolean {
  return /^(https?:\/\/|data:|stored-image:)/i.test(image);
}

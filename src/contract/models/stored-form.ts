import { imageEncoding, modelFamily, type ImageEncoding } from '../model-family.ts';
import { candidatesOf } from './catalog.ts';

/** How a stored image is written into the body just before the POST: its bytes, or an address that vendors can read. */
export type StoredForm = ImageEncoding | 'upload';

/**
 * An address is read by all plugins but the one of google, a data URI by few: it is written where all that can serve the
 * name say that they read it. Built-in models without a rule keep the form of their vendor.
 */
export function storedForm(model: string): StoredForm {
  const candidates = candidatesOf(model);
  const limited = candidates.flatMap(({ model: { media } }) =>
    media.images?.forms ? [media.images.forms] : [],
  );
  if (limited.length > 0) {
    return limited.every((forms) => forms.includes('data')) ? 'data-uri' : 'upload';
  }
  const isOfPlugin = candidates.length > 0 && modelFamily(model) === 'other';
  return isOfPlugin ? 'upload' : imageEncoding(model);
}

import { imageEncoding, modelFamily, type ImageEncoding } from '../model-family.ts';
import { candidatesOf } from './catalog.ts';

/** How a stored image is written into the body just before the POST: as bytes, or as a URL that vendors can read. */
export type StoredForm = ImageEncoding | 'upload';

/**
 * Selects the form for a model. All plugins but that of google read URLs; few read data URIs. A data URI is used only
 * if all plugins that can serve the model read it. Built-in models without a rule keep the form of their vendor.
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

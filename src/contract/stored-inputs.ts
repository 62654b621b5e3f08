import { storedImagePrefix } from './video-request.ts';

/** Longer data URIs are stored and referenced by digest, which keeps image bytes out of histories. */
export const maxInlineChars = 8 * 1024;

/** Vendors accept 4.7 to 20 MB. A larger image is probably a mistake. */
export const maxImageBytes = 20 * 1024 * 1024;
/** The same limit in Base64, with room for the `data:` prefix. */
export const maxTextChars = Math.ceil(maxImageBytes / 3) * 4 + 1024;

/** Whether a text is a data URI that is too long for a history. */
export function isLongDataUri(text: string): boolean {
  return text.length > maxInlineChars && /^data:/i.test(text);
}

/**
 * The reference to a stored data URI in a request: `stored-image:sha256:<64 hex digits>#data:image/png`. The digest is
 * that of the data URI's text, which is sent unchanged. Older workers refuse the reference and send nothing.
 */
export function dataUriReference(uri: string, sha256: string): string {
  const [, type = ''] = /^data:([\w.+/-]{0,80})[;,]/i.exec(uri) ?? [];
  return `${storedImagePrefix}${sha256}#data:${type}`;
}

/** The digest in such a reference; undefined for any other text, including references to stored images. */
export function storedDataUri(text: string): string | undefined {
  if (!text.startsWith(storedImagePrefix)) return undefined;
  return /^([0-9a-f]{64})#data:/.exec(text.slice(storedImagePrefix.length))?.[1];
}

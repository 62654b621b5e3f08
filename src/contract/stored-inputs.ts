import { storedImagePrefix } from './video-request.ts';

/** Longer data URIs are stored, and the request names them by digest: bytes of images stay out of every history. */
export const maxInlineChars = 8 * 1024;

/** A data URI that is too long for a history. */
export function isLongDataUri(text: string): boolean {
  return text.length > maxInlineChars && /^data:/i.test(text);
}

/**
 * The string that stands for a stored data URI in a request: `stored-image:sha256:<64 hex digits>#data:image/png`. The
 * digest is that of its text, which is sent as it was given. Workers from before it refuse the string, and send nothing.
 */
export function dataUriReference(uri: string, sha256: string): string {
  const [, type = ''] = /^data:([\w.+/-]{0,80})[;,]/i.exec(uri) ?? [];
  return `${storedImagePrefix}${sha256}#data:${type}`;
}

/** The digest in such a string; undefined for any other text, references to stored images among them. */
export function storedDataUri(text: string): string | undefined {
  if (!text.startsWith(storedImagePrefix)) return undefined;
  return /^([0-9a-f]{64})#data:/.exec(text.slice(storedImagePrefix.length))?.[1];
}

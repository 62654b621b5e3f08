import { badBody } from './body-fault.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Decodes UTF-8. @throws {ApiError} 400 if it is not UTF-8: a replaced character would change what is paid for. */
export function readText(bytes: Uint8Array, param?: string): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const what = param === undefined ? 'The text' : `"${param}"`;
    throw badBody(`${what} is not UTF-8: send it in UTF-8`, param, cause);
  }
}

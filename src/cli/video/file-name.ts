import { cutText } from '../../contract/cut-text.ts';

/** File systems allow 255 bytes; this leaves room for extension and number. A Chinese character takes three bytes. */
const maxBytes = 200;

/**
 * A readable file name that is valid on Linux, macOS and Windows. It keeps letters and digits of all scripts.
 *
 * @param ending With its dot.
 * @example fileName('夏日/海滩 一号', '.mp4') === '夏日-海滩-一号.mp4'
 */
export function fileName(text: string, ending: string): string {
  // A combining mark is replaced with its character.
  const readable = text.normalize('NFC').replace(/(?:[^\p{L}\p{M}\p{N}_.-]\p{M}*)+/gu, '-');
  const cut = cutText(readable.replace(/^[\p{M}.-]+/u, ''), { bytes: maxBytes });
  const name = cut.replace(/[.-]+$/, '');
  if (name === '') return `video${ending}`;
  return `${windowsDevice.test(name) ? '_' : ''}${name}${ending}`;
}

/** @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const windowsDevice = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i;

import { cutText } from '../../contract/cut-text.ts';

/** File systems take 255 bytes for a name, and Chinese letters have three each; an ending and a number still fit. */
const maxBytes = 200;

/**
 * A readable file name that Linux, macOS and Windows take. Letters and digits of all scripts stay.
 *
 * @param ending With its dot.
 * @example fileName('夏日/海滩 一号', '.mp4') === '夏日-海滩-一号.mp4'
 */
export function fileName(text: string, ending: string): string {
  // A mark goes with the character that it belongs to.
  const readable = text.normalize('NFC').replace(/(?:[^\p{L}\p{M}\p{N}_.-]\p{M}*)+/gu, '-');
  const cut = cutText(readable.replace(/^[\p{M}.-]+/u, ''), { bytes: maxBytes });
  const name = cut.replace(/[.-]+$/, '');
  if (name === '') return `video${ending}`;
  return `${windowsDevice.test(name) ? '_' : ''}${name}${ending}`;
}

/** @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const windowsDevice = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i;

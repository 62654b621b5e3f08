/** Reads bytes of the file under check; short at the end of the file. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array>;

/** A box, by its bytes in the file: header from `start`, body from `bodyStart` up to, not including, `end`. */
export interface Mp4Box {
  type: string;
  start: number;
  bodyStart: number;
  end: number;
}

/** What is wrong with a file: bytes are missing, or it never was this kind of file. */
export interface Mp4Defect {
  kind: 'truncated' | 'not_video';
  message: string;
}

export interface Mp4Boxes {
  /** The top-level boxes, in order; up to the defect, where there is one. */
  boxes: Mp4Box[];
  /** null when the boxes add up to exactly the file. */
  defect: Mp4Defect | null;
}

/** A legal file may begin with padding. */
const leadingTypes = new Set(['ftyp', 'free', 'skip', 'wide', 'styp']);
const maxBoxes = 100_000;

/**
 * Walks the top-level boxes of an MP4 file by their headers alone: sizes must add up to the file size, `moov` and
 * media data must be there. A container library reads a file cut in the middle of its media data as whole.
 *
 * @see ISO/IEC 14496-12, 4.2: size 1 = a 64-bit size follows, size 0 = to the end of the file
 */
export async function walkMp4Boxes(readAt: ReadAt, fileBytes: number): Promise<Mp4Boxes> {
  const boxes: Mp4Box[] = [];
  let position = 0;
  while (position < fileBytes) {
    const header = Buffer.from(await readAt(position, 16));
    const box = parseHeader(header, { start: position, fileBytes });
    if (boxes.length === 0 && (!box || !leadingTypes.has(box.type))) {
      return {
        boxes,
        defect: { kind: 'not_video', message: 'The file does not begin as an MP4 file' },
      };
    }
    if (!box || boxes.length > maxBoxes) {
      return { boxes, defect: cut('A box header is cut or damaged') };
    }
    boxes.push(box);
    if (box.end > fileBytes) {
      const message = `Box "${box.type}" lacks ${box.end - fileBytes} of its ${box.end - box.start} bytes`;
      return { boxes, defect: cut(message) };
    }
    position = box.end;
  }
  if (fileBytes === 0) return { boxes, defect: cut('The file is empty') };
  return { boxes, defect: missingBox(boxes) };
}

/**
 * Reads a box header at the beginning of `bytes`.
 *
 * @param place Where these bytes stand in the file; with the size of the file where the box may run to its end, which no
 *   box inside another one may.
 * @returns null where no header stands: too few bytes, a size below its own header, or no four letters.
 */
export function parseHeader(
  bytes: Buffer,
  { start, fileBytes }: { start: number; fileBytes?: number },
): Mp4Box | null {
  if (bytes.length < 8) return null;
  const type = bytes.toString('latin1', 4, 8);
  // The copyright sign is Apple's; anything else beyond ASCII is noise.
  if (!/^[\x20-\x7e\xa9][\x20-\x7e]{3}$/.test(type)) return null;
  const size = bytes.readUInt32BE(0);
  if (size === 0 && fileBytes !== undefined) {
    return { type, start, bodyStart: start + 8, end: fileBytes };
  }
  if (size !== 1) return size < 8 ? null : { type, start, bodyStart: start + 8, end: start + size };
  if (bytes.length < 16) return null;
  const sizeBytes = Number(bytes.readBigUInt64BE(8));
  return sizeBytes < 16 ? null : { type, start, bodyStart: start + 16, end: start + sizeBytes };
}

function missingBox(boxes: Mp4Box[]): Mp4Defect | null {
  const has = (wanted: string) => boxes.some(({ type }) => type === wanted);
  if (!has('moov')) return cut('The index box "moov" is missing');
  return has('mdat') ? null : cut('The media data box "mdat" is missing');
}

function cut(message: string): Mp4Defect {
  return { kind: 'truncated', message };
}

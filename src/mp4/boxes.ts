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
  /** null when no media data and no index is missing. */
  defect: Mp4Defect | null;
  /** What follows the last box, if it is neither a box nor zeros. Players ignore it. */
  oddEnd?: string;
}

/** Boxes that a file may start with. QuickTime needs no `ftyp`, and some writers put their own data first. */
const leadingTypes = new Set(
  'ftyp styp free skip wide pnot uuid moov mdat moof sidx ssix prft emsg pdin meta'.split(' '),
);
const maxBoxes = 100_000;
/** Writers may pad a file to the block size of the disk. */
const maxPaddingBytes = 64 * 1024;

/**
 * Walks the top-level boxes of an MP4 file by their headers alone: sizes must add up to the file size, `moov` and
 * media data must be there. A container library reads a file cut in the middle of its media data as whole.
 *
 * @see ISO/IEC 14496-12, 4.2: size 1 = a 64-bit size follows, size 0 = to the end of the file
 */
export async function walkMp4Boxes(readAt: ReadAt, fileBytes: number): Promise<Mp4Boxes> {
  const boxes: Mp4Box[] = [];
  if (fileBytes === 0) return { boxes, defect: cut('The file is empty') };
  for (let position = 0; position < fileBytes; position = boxes.at(-1)?.end ?? fileBytes) {
    const header = Buffer.from(await readAt(position, 16));
    const box = parseHeader(header, { start: position, fileBytes });
    if (boxes.length === 0 && !beginsAsMp4(header)) {
      return {
        boxes,
        defect: { kind: 'not_video', message: 'The file does not start like an MP4 file' },
      };
    }
    const rest = { position, fileBytes };
    if (!box && (await isPadding(readAt, rest))) break;
    if (!box || boxes.length > maxBoxes) return endsOddly(boxes, 'A box header is cut or damaged');
    if (box.end > fileBytes) {
      const lacking = `Box "${box.type}" lacks ${box.end - fileBytes} of its ${box.end - box.start} bytes`;
      if (neededTypes.has(box.type)) return { boxes: [...boxes, box], defect: cut(lacking) };
      return endsOddly(boxes, lacking);
    }
    boxes.push(box);
  }
  return { boxes, defect: missingBox(boxes) };
}

/** Tells whether a file may be MP4 or QuickTime, by its first bytes. */
export function beginsAsMp4(head: Buffer): boolean {
  const box = parseHeader(head, { start: 0, fileBytes: Number.MAX_SAFE_INTEGER });
  return box !== null && leadingTypes.has(box.type);
}

const neededTypes = new Set(['moov', 'moof', 'mdat']);

/** A file without fragments has all that it needs; of a fragmented file, the next fragment may be missing. */
function endsOddly(boxes: Mp4Box[], message: string): Mp4Boxes {
  const isFragmented = boxes.some(({ type }) => type === 'moof');
  const defect = isFragmented ? null : missingBox(boxes);
  if (isFragmented || defect) return { boxes, defect: cut(message) };
  return { boxes, defect, oddEnd: message };
}

async function isPadding(
  readAt: ReadAt,
  { position, fileBytes }: { position: number; fileBytes: number },
): Promise<boolean> {
  const sizeBytes = fileBytes - position;
  if (sizeBytes > maxPaddingBytes) return false;
  return (await readAt(position, sizeBytes)).every((byte) => byte === 0);
}

/**
 * Reads a box header at the beginning of `bytes`.
 *
 * @param place Position of these bytes in the file. Pass the file size for top-level boxes only: no other may extend to
 *   the end of the file.
 * @returns null if this is no header: too few bytes, too small a size, or a type that is not four letters.
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

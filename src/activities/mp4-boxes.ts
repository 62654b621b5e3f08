/** Reads bytes of the file under check; short at the end of the file. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array>;

export interface Mp4Boxes {
  /** Types of the top-level boxes, in order. */
  types: string[];
  /** What is wrong with the structure; null when the boxes add up to exactly the file. */
  defect: { kind: 'truncated' | 'not_video'; message: string } | null;
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
  const types: string[] = [];
  let position = 0;
  while (position < fileBytes) {
    const box = await readHeader(readAt, position, fileBytes);
    if (types.length === 0 && (!box || !leadingTypes.has(box.type))) {
      return {
        types,
        defect: { kind: 'not_video', message: 'The file does not begin as an MP4 file' },
      };
    }
    if (!box || types.length > maxBoxes)
      return { types, defect: cut('A box header is cut or damaged') };
    types.push(box.type);
    if (box.sizeBytes > fileBytes - position) {
      const missing = box.sizeBytes - (fileBytes - position);
      return {
        types,
        defect: cut(`Box "${box.type}" lacks ${missing} of its ${box.sizeBytes} bytes`),
      };
    }
    position += box.sizeBytes;
  }
  if (fileBytes === 0) return { types, defect: cut('The file is empty') };
  return { types, defect: missingBox(types) };
}

async function readHeader(
  readAt: ReadAt,
  position: number,
  fileBytes: number,
): Promise<{ type: string; sizeBytes: number } | null> {
  const header = Buffer.from(await readAt(position, 16));
  if (header.length < 8) return null;
  const type = header.toString('latin1', 4, 8);
  const size = header.readUInt32BE(0);
  if (size === 0) return { type, sizeBytes: fileBytes - position };
  if (size !== 1) return size < 8 ? null : { type, sizeBytes: size };
  if (header.length < 16) return null;
  const sizeBytes = Number(header.readBigUInt64BE(8));
  return sizeBytes < 16 ? null : { type, sizeBytes };
}

function missingBox(types: string[]): Mp4Boxes['defect'] {
  if (!types.includes('moov')) return cut('The index box "moov" is missing');
  return types.includes('mdat') ? null : cut('The media data box "mdat" is missing');
}

function cut(message: string) {
  return { kind: 'truncated' as const, message };
}

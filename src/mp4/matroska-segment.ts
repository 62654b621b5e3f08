import type { Mp4Defect, ReadAt } from './boxes.ts';

const ebmlId = 0x1a_45_df_a3;
const segmentId = 0x18_53_80_67;
/** Most bytes of the ID and size of an element. */
const maxHeaderBytes = 12;

/** Tells whether a file may be WebM or Matroska, by its first bytes. */
export function beginsAsMatroska(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32BE(0) === ebmlId;
}

/**
 * Whether a WebM or Matroska file has all bytes that its segment declares. The segment contains all media data and the
 * index.
 *
 * @returns `isCounted` false if it declares no size, as in a live stream: then the file may end anywhere.
 * @see RFC 8794, 4 to 6
 */
export async function checkSegment({
  readAt,
  sizeBytes,
}: {
  readAt: ReadAt;
  sizeBytes: number;
}): Promise<{ defect: Mp4Defect } | { defect: null; isCounted: boolean }> {
  let position = 0;
  while (position < sizeBytes) {
    const header = readHeader(Buffer.from(await readAt(position, maxHeaderBytes)));
    if (!header) break;
    const { id, bodyBytes } = header;
    const end = position + header.headerBytes + (bodyBytes ?? 0);
    if (id === segmentId && bodyBytes === undefined) return { defect: null, isCounted: false };
    if (end > sizeBytes) return lacking(end - sizeBytes);
    if (id === segmentId) return { defect: null, isCounted: true };
    if (bodyBytes === undefined) break;
    position = end;
  }
  const kind = position < sizeBytes ? 'not_video' : 'truncated';
  return { defect: { kind, message: 'The file has no segment of media data' } };
}

function lacking(byteCount: number): { defect: Mp4Defect } {
  const message = `The file lacks ${byteCount} of the bytes that it declares`;
  return { defect: { kind: 'truncated', message } };
}

interface ElementHeader {
  id: number;
  headerBytes: number;
  /** Absent if the element declares an unknown size. */
  bodyBytes?: number;
}

function readHeader(bytes: Buffer): ElementHeader | null {
  const idBytes = lengthOf(bytes[0]);
  if (idBytes > 4 || bytes.length < idBytes) return null;
  const rest = bytes.subarray(idBytes);
  const sizeBytes = lengthOf(rest[0]);
  if (sizeBytes > 8 || rest.length < sizeBytes) return null;
  const marked = rest.subarray(0, sizeBytes);
  const mask = 0xff >> sizeBytes;
  const header = { id: bytes.readUIntBE(0, idBytes), headerBytes: idBytes + sizeBytes };
  const isOpen = marked.every(
    (byte, place) => (place === 0 ? byte & mask : byte) === (place === 0 ? mask : 0xff),
  );
  if (isOpen) return header;
  const bodyBytes = marked.reduce(
    (size, byte, place) => size * 256 + (place === 0 ? byte & mask : byte),
    0,
  );
  return { ...header, bodyBytes };
}

/** The number of leading zeros gives the length of a number. 9 if all bits are zero. */
function lengthOf(first = 0): number {
  return Math.clz32(first) - 23;
}

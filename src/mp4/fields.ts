import { parseHeader, type Mp4Box } from './boxes.ts';

/** The index of a file contradicts itself, or refers to bytes that are not there. */
export class Mp4IndexError extends Error {
  override readonly name = 'Mp4IndexError';
}

/** Part of a file in memory. Positions of boxes are positions in the file. */
export interface Mp4Part {
  bytes: Buffer;
  /** Position of `bytes` in the file. */
  start: number;
}

/**
 * The boxes inside a container. Their sizes must add up to its body, which may be padded with zeros.
 *
 * @throws {Mp4IndexError}
 */
export function childBoxes({ bytes, start }: Mp4Part, parent: Mp4Box): Mp4Box[] {
  const boxes: Mp4Box[] = [];
  let position = parent.bodyStart;
  while (position < parent.end) {
    const header = bytes.subarray(position - start, Math.min(position + 16, parent.end) - start);
    const box = parseHeader(header, { start: position });
    if (!box && isZero(bytes.subarray(position - start, parent.end - start))) break;
    if (!box || box.end > parent.end) {
      throw new Mp4IndexError(`The boxes inside "${parent.type}" do not add up`);
    }
    boxes.push(box);
    position = box.end;
  }
  return boxes;
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

/** The only or first child of that type. @throws {Mp4IndexError} When there is none. */
export function requiredChild(part: Mp4Part, parent: Mp4Box, type: string): Mp4Box {
  const found = childBoxes(part, parent).find((box) => box.type === type);
  if (!found) throw new Mp4IndexError(`Box "${type}" is missing inside "${parent.type}"`);
  return found;
}

/** Reads the fields of one box in order. */
export interface FieldReader {
  /** Version and flags: the start of most boxes. */
  versionFlags(): { version: number; flags: number };
  u8(): number;
  u16(): number;
  u32(): number;
  i32(): number;
  u64(): number;
  /** 32 bits, or 64 where the box is of version 1. */
  u32or64(version: number): number;
  skip(byteCount: number): void;
  /** At least so many bytes follow in the box; further ones are ignored. @throws {Mp4IndexError} */
  expectAtLeast(byteCount: number): void;
  /** Exactly so many bytes follow in the box. @throws {Mp4IndexError} */
  expectRest(byteCount: number): void;
}

/** Reading beyond the end of the box throws an Mp4IndexError. */
export function readBoxFields({ bytes, start }: Mp4Part, box: Mp4Box): FieldReader {
  const body = bytes.subarray(box.bodyStart - start, box.end - start);
  let position = 0;
  const take = (byteCount: number) => {
    const at = position;
    position += byteCount;
    if (position > body.length) throw new Mp4IndexError(`Box "${box.type}" is too short`);
    return at;
  };
  const u32 = () => body.readUInt32BE(take(4));
  const u64 = () => Number(body.readBigUInt64BE(take(8)));
  return {
    versionFlags: () => {
      const word = u32();
      return { version: word >>> 24, flags: word & 0xff_ff_ff };
    },
    u8: () => body.readUInt8(take(1)),
    u16: () => body.readUInt16BE(take(2)),
    u32,
    i32: () => body.readInt32BE(take(4)),
    u64,
    u32or64: (version) => (version === 1 ? u64() : u32()),
    skip: (byteCount) => void take(byteCount),
    expectAtLeast: (byteCount) => {
      if (body.length - position < byteCount) {
        throw new Mp4IndexError(`Box "${box.type}" is too short`);
      }
    },
    expectRest: (byteCount) => {
      if (body.length - position !== byteCount) {
        throw new Mp4IndexError(`Box "${box.type}" does not have the size of its table`);
      }
    },
  };
}

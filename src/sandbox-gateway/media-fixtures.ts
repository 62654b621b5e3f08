/** One top-level MP4 box: its start and declared length. */
export interface Box {
  type: string;
  start: number;
  size: number;
  headerSize: number;
}

/** Top-level boxes of a file. */
export function readBoxes(file: Buffer): Box[] {
  const boxes: Box[] = [];
  let start = 0;
  while (start + 8 <= file.length) {
    const box = readBox(file, start);
    boxes.push(box);
    if (box.size < box.headerSize) break;
    start += box.size;
  }
  return boxes;
}

/** The first 60 % of a file: without `moov` if that is last, otherwise with a short `mdat`. */
export function cut(file: Buffer): Buffer {
  return file.subarray(0, Math.floor(file.length * 0.6));
}

/** `mdat` with a 64-bit size, which uses the space of the preceding `free` box, so offsets stay valid. */
export function withSize64(file: Buffer): Buffer {
  const boxes = readBoxes(file);
  const index = boxes.findIndex((box) => box.type === 'mdat');
  const mdat = boxes[index];
  const free = boxes[index - 1];
  if (mdat === undefined || free?.type !== 'free' || free.size !== 8) {
    throw new RangeError('Cannot widen the mdat size: no free box of 8 bytes before it');
  }
  const copy = Buffer.from(file);
  copy.writeUInt32BE(1, free.start);
  copy.write('mdat', free.start + 4, 'latin1');
  copy.writeBigUInt64BE(BigInt(mdat.size + 8), free.start + 8);
  return copy;
}

/** `mdat`, the last box, with size 0: it runs to the end of the file. */
export function withOpenMdat(file: Buffer): Buffer {
  const mdat = readBoxes(file).at(-1);
  if (mdat?.type !== 'mdat') throw new RangeError('Cannot open the mdat: it is not the last box');
  const copy = Buffer.from(file);
  copy.writeUInt32BE(0, mdat.start);
  return copy;
}

/** The same video with an additional `free` box, so its checksum differs. */
export function padded(file: Buffer, byteCount: number): Buffer {
  const free = Buffer.alloc(Math.max(8, byteCount));
  free.writeUInt32BE(free.length, 0);
  free.write('free', 4, 'latin1');
  return Buffer.concat([file, free]);
}

/** Bytes that are not an MP4. */
export const notVideo = {
  webm: Buffer.concat([
    Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex'),
    Buffer.alloc(4096),
  ]),
  text: Buffer.from('Service temporarily unavailable\n'),
  html: Buffer.from('<html><body>link expired</body></html>'),
} as const;

function readBox(file: Buffer, start: number): Box {
  const size32 = file.readUInt32BE(start);
  const type = file.toString('latin1', start + 4, start + 8);
  if (size32 === 0) return { type, start, size: file.length - start, headerSize: 8 };
  if (size32 === 1 && start + 16 <= file.length) {
    return { type, start, size: Number(file.readBigUInt64BE(start + 8)), headerSize: 16 };
  }
  return { type, start, size: size32, headerSize: 8 };
}

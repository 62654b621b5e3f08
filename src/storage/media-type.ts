/** All supported signatures are within the first bytes. */
const signatureBytes = 12;

/** Detects the media type by content, not by file name. Null for types that neither vendors nor uploads accept. */
export function mediaType(bytes: Uint8Array): string | null {
  const latin = Buffer.from(bytes.subarray(0, signatureBytes)).toString('latin1');
  if (latin.slice(4, 8) === 'ftyp') return isoType(latin.slice(8, 12));
  if (latin.startsWith('RIFF')) return riffTypes[latin.slice(8)] ?? null;
  return signatures.find(([begin]) => latin.startsWith(begin))?.[1] ?? null;
}

const signatures: readonly (readonly [begin: string, type: string])[] = [
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF8', 'image/gif'],
  ['\x1a\x45\xdf\xa3', 'video/webm'],
  ['ID3', 'audio/mpeg'],
  ['\xff\xfb', 'audio/mpeg'],
  ['\xff\xf3', 'audio/mpeg'],
  ['\xff\xf2', 'audio/mpeg'],
  ['OggS', 'audio/ogg'],
  ['fLaC', 'audio/flac'],
];

const riffTypes: Readonly<Record<string, string>> = { WEBP: 'image/webp', WAVE: 'audio/wav' };

/** By the major brand of an ISO base media file. */
function isoType(brand: string): string {
  if (brand === 'qt  ') return 'video/quicktime';
  return brand.startsWith('M4A') ? 'audio/mp4' : 'video/mp4';
}

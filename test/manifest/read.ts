import { type Problem, ManifestError } from '../../src/manifest/manifest-error.ts';
import { readManifest, type Manifest } from '../../src/manifest/read-manifest.ts';
import type { HostGeneration } from '../../src/contract/models/evaluate-request.ts';
import type { StoreText } from '../../src/identity/stored-data-uris.ts';
import type { ReferToImage } from '../../src/manifest/rows/image-references.ts';

export const today = '2026-11-23';

/** An image store that holds `/rows/cat.png` and remembers what it was asked for. */
export function imageFolder() {
  const asked: string[] = [];
  const referToImage: ReferToImage = async (path) => {
    asked.push(path);
    return path === '/rows/cat.png'
      ? { reference: `stored-image:sha256:${'a'.repeat(64)}` }
      : { problem: 'there is no such file' };
  };
  return { asked, referToImage };
}

interface Given {
  name?: string;
  date?: string;
  defaults?: Record<string, unknown>;
  ignoreColumns?: string[];
  sendAnyway?: true;
  host?: HostGeneration;
  referToImage?: ReferToImage;
  storeText?: StoreText;
}

/** Reads a text as the manifest `/rows/<name>`. */
export async function read(text: string | Uint8Array, given: Given = {}): Promise<Manifest> {
  const { name = 'rows.csv', date = today, defaults = {}, referToImage, ...rest } = given;
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return readManifest(bytes, {
    name: `/rows/${name}`,
    date,
    defaults,
    ...rest,
    referToImage: referToImage ?? imageFolder().referToImage,
  });
}

export async function errorOf(text: string | Uint8Array, given: Given = {}) {
  try {
    await read(text, given);
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
  throw new Error('The manifest was taken');
}

/** Each problem as `line field: message`. */
export async function problemsOf(text: string | Uint8Array, given: Given = {}): Promise<string[]> {
  const { problems } = await errorOf(text, given);
  return problems.map(problemText);
}

function problemText({ line, field, message }: Problem): string {
  const place = [line, field].filter((part) => part !== undefined).join(' ');
  return place === '' ? message : `${place}: ${message}`;
}

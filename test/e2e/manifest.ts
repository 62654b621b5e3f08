import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Harness } from './harness.ts';

/** A manifest of so many rows, one video each. */
export async function writeManifest(harness: Harness, name: string, prompts: readonly string[]) {
  const lines = prompts.map((prompt, index) => `row-${index + 1},kling-v1,"${prompt}",5`);
  const path = join(harness.folder, `${name}.csv`);
  await writeFile(path, ['key,model,prompt,duration', ...lines, ''].join('\n'));
  return path;
}

export function numbered(count: number, prompt = 'scene'): string[] {
  return Array.from({ length: count }, (_, index) => `${prompt} ${index + 1}`);
}

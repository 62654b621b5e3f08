import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/onetake.js', import.meta.url));

async function helpOf(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words, '--help']);
  return stdout;
}

describe('a command that has another name now', { timeout: 30_000 }, () => {
  test.each([
    ['get', 'Usage: onetake get'],
    ['open', 'Usage: onetake open'],
    ['storage sweep', 'Usage: onetake storage sweep'],
    ['storage retain', 'Usage: onetake storage retain'],
  ])('still runs by its former name: %s', async (former, usage) => {
    expect(await helpOf(...former.split(' '))).toContain(usage);
  });

  test('is in the help by its new name only', async () => {
    const help = await helpOf();
    expect(help).toMatch(/^ {2}download /m);
    expect(help).not.toMatch(/^ {2}(get|open) /m);
  });
});

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { outcomeExits } from '../../src/cli/video/report-video.ts';

const document = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');

test('docs/cli.md has the table of exit codes as it is', () => {
  const rows = document.match(/^\| \d+ \|.*\|$/gm);
  expect(rows).toEqual(
    Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`),
  );
});

test('docs/cli.md has a part with an example for every command', () => {
  for (const name of Object.keys(commands)) {
    const part = document.split(/^## /m).find((text) => text.startsWith(`\`${name}\``));
    expect(part, name).toMatch(new RegExp(`onetake ${name}`));
  }
});

test('every outcome of a video has an exit code of its own', () => {
  const codes = Object.values(outcomeExits).map((name) => exitCodes[name].code);
  expect(new Set(codes).size).toBe(codes.length);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../../../src/dev/run-command.ts';
import { openApiDocument } from '../../../src/serve/api/open-api.ts';

const redocly = fileURLToPath(
  new URL('../../../node_modules/@redocly/cli/bin/cli.js', import.meta.url),
);
const config = fileURLToPath(new URL('redocly.yaml', import.meta.url));
/** It takes 1 s on an idle machine. */
const limitMs = 60_000;

/** What redocly finds in a document. */
async function lint(document: unknown): Promise<{ exitCode: number | null; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-openapi-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'openapi.json');
  await writeFile(file, JSON.stringify(document));
  return runCommand({
    file: process.execPath,
    args: [redocly, 'lint', file, '--config', config, '--max-problems', '50'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    },
    timeoutMs: limitMs,
  });
}

test(
  'redocly finds no error and no warning in the OpenAPI document',
  async () => {
    const { exitCode, output } = await lint(openApiDocument());
    expect(output).not.toMatch(/You have \d+ (?:warning|error)/);
    expect(output).toContain('is valid');
    expect(exitCode).toBe(0);
  },
  limitMs,
);

test(
  'redocly finds an operation without a summary, so it has looked',
  async () => {
    const text = JSON.stringify(openApiDocument());
    const { exitCode, output } = await lint(JSON.parse(text.replaceAll('"summary":', '"x-no":')));
    expect(output).toContain('operation-summary');
    expect(exitCode).toBe(1);
  },
  limitMs,
);

import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import { runCommand } from '../../src/dev/run-command.ts';

/** @throws {UnavailableError} This machine has no Chromium. */
export async function findChromium(): Promise<string> {
  const file = 'chromium';
  const command = { file, args: ['--version'], env: process.env, timeoutMs: 60_000 };
  const { exitCode, output } = await runCommand(command);
  if (exitCode !== 0) throw new UnavailableError(`Cannot run "${file}": ${output}`);
  return file;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFreePort, isPortFree } from '../../src/dev/free-port.ts';
import { program } from './onetake.ts';

test('dev shuts down in order when its terminal is closed, and removes its server and settings', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'onetake-dev-'));
  const port = await findFreePort();
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = spawn(process.execPath, [program, 'dev'], {
    cwd,
    env: { ...env, TEMPORAL_ADDRESS: `localhost:${port}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const ended = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), ended]);
    child.kill('SIGHUP');
    expect(await ended).toEqual([0, null]);
    expect(await isPortFree(port)).toBe(true);
    await expect(access(join(cwd, '.onetake', 'dev.json'))).rejects.toThrow(/ENOENT/);
  } finally {
    child.kill('SIGINT');
    await rm(cwd, { recursive: true, force: true });
  }
}, 120_000);

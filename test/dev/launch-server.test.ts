import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loopback } from '../../src/dev/free-port.ts';
import { launchServer, type LaunchOptions } from '../../src/dev/launch-server.ts';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import { tempFolder } from './temp-folder.ts';

async function optionsFor(body: string): Promise<LaunchOptions> {
  const binary = join(await tempFolder(), 'temporal');
  await writeFile(binary, `#!/bin/sh\n${body}\n`);
  await chmod(binary, 0o755);
  const env = { PATH: process.env['PATH'] };
  return { binary, env, ui: false, searchAttributes: {}, namespaces: [] };
}

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('No port');
  return address.port;
}

test('a server that ends while starting is an error with the end of its log', async () => {
  const options = await optionsFor('echo "database is locked" >&2; exit 1');
  await expect(launchServer(options)).rejects.toThrow(
    /^Cannot start Temporal server: it ended while starting; end of its log:\ndatabase is locked/,
  );
});

test('a server keeps 1,000 runs in memory, however many have ended', async () => {
  const options = await optionsFor('echo "$@" >&2; exit 1');
  await expect(launchServer(options)).rejects.toThrow('history.hostLevelCacheMaxSize=1000');
});

test('a wanted port that is taken is an error at once, by its number', async () => {
  const port = await takenPort();
  await expect(launchServer({ ...(await optionsFor('exit 1')), port })).rejects.toThrow(
    `Cannot start Temporal server: port ${port} is taken`,
  );
});

test('ports of our own choice are chosen anew when another process was faster', async () => {
  const port = await takenPort();
  let chosen = 0;
  const choosePort = async (): Promise<number> => {
    chosen += 1;
    return port;
  };
  const launch = launchServer({ ...(await optionsFor('exit 1')), choosePort });
  await expect(launch).rejects.toThrow(`port ${port} is taken`);
  expect(chosen).toBe(3);
});

test('a binary that cannot be started is an error by its name', async () => {
  const binary = join(await tempFolder(), 'missing');
  await expect(launchServer({ ...(await optionsFor('')), binary })).rejects.toThrow(binary);
});

test('an existing address that does not answer is an error, never a reason for another server', async () => {
  const progress: string[] = [];
  const started = startTemporalServer({
    existingAddress: `${loopback}:1`,
    onProgress: (line) => void progress.push(line),
  });
  await expect(started).rejects.toThrow('Cannot reach the Temporal server at TEMPORAL_ADDRESS');
  expect(progress).toEqual([]);
});

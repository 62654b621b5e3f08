import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startS3Server } from '../support/s3-server.ts';
import { s3StartTimeoutMs } from '../support/s3.ts';
import { tempFolder } from './temp-folder.ts';

const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };

test('a server that runs already is used, and not ours to stop', async () => {
  const existing = { endpoint: 'http://127.0.0.1:1', region: 'eu-1', credentials };
  const server = await startS3Server({ existing });
  expect(server).toMatchObject({ ...existing, source: 'S3_ENDPOINT' });
  await server.stop();
});

test(
  'ours listens on the loopback interface, refuses strangers, and is gone when it is stopped',
  { timeout: s3StartTimeoutMs },
  async () => {
    const server = await startS3Server();
    onTestFinished(server.stop);
    expect(server.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { status } = await fetch(server.endpoint);
    expect(status).toBe(403);
    await server.stop();
    await server.stop();
    await expect(fetch(server.endpoint)).rejects.toThrow();
  },
);

test('where no source has one, each says why, and what to do', async () => {
  const cacheDir = await tempFolder();
  const env = { PATH: cacheDir };
  await expect(startS3Server({ cacheDir, env })).rejects.toThrow(
    /an S3 server\n {2}1\. "versitygw" on PATH: .*\n {2}2\. the cache: .*\n {2}3\. go install: .*\nSet S3_ENDPOINT/,
  );
});

test('a server that ends while starting is told with its log', async () => {
  const cacheDir = await tempFolder();
  const path = join(cacheDir, 'versitygw');
  await writeFile(path, '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "no such disk"\nexit 1\n');
  await chmod(path, 0o755);
  const env = { ...process.env, PATH: `${cacheDir}:${process.env['PATH']}` };
  await expect(startS3Server({ env })).rejects.toThrow(
    /Cannot start S3 server: it ended while starting.*\nno such disk/,
  );
});

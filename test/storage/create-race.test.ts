import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createStorage, type StorageConfig } from '../../src/storage/create-storage.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { s3StartTimeoutMs, useS3 } from '../support/s3.ts';

const freshBucket = useS3();
const script = fileURLToPath(new URL('create-race.ts', import.meta.url));
const key = 'claims/a.json';

async function enter(config: StorageConfig) {
  const given = JSON.stringify({ config, key, creators: 5 });
  const child = fork(script, [given], { execArgv: ['--import', 'tsx'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return {
    race: async () => {
      const told = once(child, 'message');
      child.send('go');
      return Number((await told)[0]);
    },
  };
}

test.each([
  ['a folder', async () => ({ folder: (await tempStorage()).folder })],
  ['a bucket', freshBucket],
])(
  'of 20 creators in 4 processes exactly one creates an object in %s',
  { timeout: s3StartTimeoutMs },
  async (_name, place) => {
    const config: StorageConfig = await place();
    const racers = await Promise.all(Array.from({ length: 4 }, () => enter(config)));
    const won = await Promise.all(racers.map(({ race }) => race()));
    expect(won.reduce((sum, each) => sum + each)).toBe(1);
    const storage = await createStorage(config);
    expect(String(await storage.readSmall(key, 100))).toMatch(/^\d+ \d$/);
  },
);

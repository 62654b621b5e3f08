import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempStorage } from '../fakes/temp-storage.ts';

test('a folder that somebody removes is created again by each kind of write', async () => {
  const { folder, storage } = await tempStorage();
  const writes = {
    written: () => storage.writeSmall('a/written', Buffer.from('1')),
    created: () => storage.createSmall('a/created', Buffer.from('1')),
    staged: async () => {
      const staged = await storage.stage('a/staged');
      await staged.seal();
      await rm(join(folder, 'a'), { recursive: true, force: true });
      await staged.commit();
    },
  };
  for (const [name, write] of Object.entries(writes)) {
    await rm(folder, { recursive: true, force: true });
    await write();
    expect(await readdir(join(folder, 'a'))).toEqual([name]);
  }
});

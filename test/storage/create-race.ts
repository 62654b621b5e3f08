import { once } from 'node:events';
import { createStorage, type StorageConfig } from '../../src/storage/create-storage.ts';

/** One process of a race: reports that it is ready, waits for the start, and reports how often it won. */
const { config, key, creators } = JSON.parse(process.argv[2] ?? '{}') as {
  config: StorageConfig;
  key: string;
  creators: number;
};
const storages = await Promise.all(Array.from({ length: creators }, () => createStorage(config)));
process.send?.('ready');
await once(process, 'message');
const won = await Promise.all(
  storages.map((storage, index) =>
    storage.createSmall(key, Buffer.from(`${process.pid} ${index}`)),
  ),
);
process.send?.(won.filter(Boolean).length);
process.disconnect();

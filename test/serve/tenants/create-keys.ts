import { once } from 'node:events';
import { createKey } from '../../../src/serve/tenants/edit-keys-file.ts';

/** One process of a race: reports that it is ready, waits for the start, and reports the keys that it created. */
const { path, tenant } = JSON.parse(process.argv[2] ?? '{}') as { path: string; tenant: string };
process.send?.('ready');
await once(process, 'message');
const keys: string[] = [];
for (let index = 0; index < 15; index += 1) keys.push((await createKey(path, { tenant })).key);
process.send?.(keys);
process.disconnect();

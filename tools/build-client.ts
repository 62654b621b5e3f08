/** `npm run build:client`: dist → dist-client, the package `onetake-client`. The image is built without it. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { writeClientPackage } from './client-package.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

await rm(at('../dist-client'), { recursive: true, force: true });
await writeClientPackage(at('../'), at('../dist-client'));

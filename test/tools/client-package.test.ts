import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  clientManifest,
  entryFiles,
  reach,
  type PackageManifest,
} from '../../tools/client-package.ts';
import { tempFolder } from '../dev/temp-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageManifest;

describe('the package onetake-client', () => {
  const sources = entryFiles(main).filter((file) => file.endsWith('.js'));
  const entries = sources.map((file) => file.replace('dist/', 'src/').replace('.js', '.ts'));

  test('depends on few packages, and none of them has the worker or native code in it', async () => {
    const { packages } = await reach(root, entries);
    expect(packages).toEqual([
      '@temporalio/client',
      '@temporalio/common',
      '@temporalio/proto',
      'canonicalize',
      'croner',
      'nexus-rpc',
      'p-limit',
      'zod',
    ]);
  });

  test('has no file of the worker, the gateway or the command line', async () => {
    const { files } = await reach(root, entries);
    const rooms = new Set(files.map((file) => file.split('/')[1]));
    const expected = ['client.ts', 'client', 'contract', 'nexus', 'codec'];
    expect([...rooms]).toEqual(expect.arrayContaining(expected));
    const foreign = ['activities', 'workflows', 'gateway', 'cli', 'dev', 'sandbox-gateway'];
    expect(foreign.filter((room) => rooms.has(room))).toEqual([]);
  });

  test('takes versions, engines and entries from onetake', () => {
    expect(clientManifest(main, ['zod'])).toMatchObject({
      name: 'onetake-client',
      version: main.version,
      engines: main['engines'],
      dependencies: { zod: main.dependencies['zod'] },
      exports: { '.': main.exports['.'], './contract': main.exports['./contract'] },
    });
  });

  test('is refused when it imports a package that onetake does not declare', () => {
    const pack = () => clientManifest(main, ['zod', 'left-pad']);
    expect(pack).toThrow(
      'Cannot pack the client: it imports "left-pad", which is not a dependency',
    );
  });
});

test('every form of an import is followed, and text that looks like one is not', async () => {
  const folder = await tempFolder();
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await mkdir(join(folder, 'in'));
  await write(
    'entry.js',
    `import {\n  a,\n} from './in/a.js';\nexport { b } from "@scope/b/deep";\n`,
  );
  await write(
    'in/a.js',
    `const say = 'read from "nothing"';\nimport './side.js';\nimport 'node:fs';`,
  );
  await write('in/side.js', `const later = () => import('./later.js');`);
  await write('in/later.js', `import whole, * as all from 'whole';`);
  await write(
    'entry.d.ts',
    `import type { A } from './in/a.ts';\nexport declare const c: import("c/lib/c").C;`,
  );
  await write('in/a.d.ts', '');
  expect(await reach(folder, ['entry.js', 'entry.d.ts'])).toEqual({
    files: ['entry.d.ts', 'entry.js', 'in/a.d.ts', 'in/a.js', 'in/later.js', 'in/side.js'],
    packages: ['@scope/b', 'c', 'whole'],
  });
});

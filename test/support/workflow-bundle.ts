import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

let bundle: Promise<string> | undefined;

/** The workflow code, bundled once per test process; gives the file's path. */
export function workflowBundle(): Promise<string> {
  bundle ??= makeBundle();
  return bundle;
}

async function makeBundle(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-bundle-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const file = join(folder, 'workflow-bundle.js');
  await writeFile(file, code);
  return file;
}

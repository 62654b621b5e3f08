import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const bundles = new Map<boolean, Promise<string>>();

/** The workflow code, bundled once per test process, for workers without or with payload keys; gives the file's path. */
export function workflowBundle({ encrypting = false } = {}): Promise<string> {
  const bundle = bundles.get(encrypting) ?? makeBundle(encrypting);
  bundles.set(encrypting, bundle);
  return bundle;
}

async function makeBundle(encrypting: boolean): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-bundle-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { code } = await bundleWorkflowCode({
    workflowsPath: pathOf('../../src/workflows'),
    workflowInterceptorModules: [pathOf('../../src/workflows/tracing.ts')],
    ...(encrypting && {
      failureConverterPath: pathOf('../../src/workflows/failure-converter.ts'),
    }),
    logger: new DefaultLogger('ERROR'),
  });
  const file = join(folder, 'workflow-bundle.js');
  await writeFile(file, code);
  return file;
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

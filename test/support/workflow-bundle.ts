import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workerTracing } from '../../src/worker/tracing/worker-tracing.ts';
import { interceptorModules } from '../../src/worker/workflow-code.ts';

const bundles = new Map<boolean, Promise<string>>();

/** Names the folder in which all files of a test run share their bundles; whoever made it removes it. */
export const bundleFolderVariable = 'ONETAKE_TEST_BUNDLES';

/** The workflow code, bundled once, for workers without or with payload keys; gives the file's path. */
export function workflowBundle({ encrypting = false } = {}): Promise<string> {
  const bundle = bundles.get(encrypting) ?? findOrMake(encrypting);
  bundles.set(encrypting, bundle);
  return bundle;
}

/** Of a worker inside a test: the same bundle, with the sinks that its interceptors write to; nothing is traced. */
export async function bundledWorkflows() {
  const { sinks } = await workerTracing(undefined);
  return { workflowBundle: { codePath: await workflowBundle() }, sinks };
}

async function findOrMake(encrypting: boolean): Promise<string> {
  const folder = process.env[bundleFolderVariable] ?? (await makeFolder());
  const file = join(folder, encrypting ? 'encrypting-bundle.js' : 'workflow-bundle.js');
  if (!existsSync(file)) await makeBundle(file, { encrypting });
  return file;
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-bundle-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function makeBundle(file: string, { encrypting }: { encrypting: boolean }): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: pathOf('../../src/workflows'),
    workflowInterceptorModules: interceptorModules,
    ...(encrypting && {
      failureConverterPath: pathOf('../../src/workflows/failure-converter.ts'),
    }),
    logger: new DefaultLogger('ERROR'),
  });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, code);
  await rename(unfinished, file);
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

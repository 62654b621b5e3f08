import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFolderVariable, workflowBundle } from '../support/workflow-bundle.ts';

/** Bundles the workflow code once for all files of a test run: each of their workers would do it for seconds. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-workflow-'));
  process.env[bundleFolderVariable] ??= folder;
  await workflowBundle();
  return async () => {
    delete process.env[bundleFolderVariable];
    await rm(folder, { recursive: true, force: true });
  };
}

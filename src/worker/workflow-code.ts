import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { codecConfig } from '../config/codec-config.ts';
import { ConfigError } from '../config/settings.ts';
import { type workerConfig } from '../config/worker-config.ts';

/** In every bundle, made beforehand or not. */
export const interceptorModules = ['tracing', 'query-guard'].map((name) =>
  fileURLToPath(new URL(`../workflows/${name}`, import.meta.url)),
);

export interface WorkflowCodeOptions {
  worker: Pick<ReturnType<typeof workerConfig>, 'workflowBundle'>;
  codec: Pick<ReturnType<typeof codecConfig>, 'keys'>;
}

/**
 * A bundle that was made beforehand, or the sources, which the worker bundles at its start.
 *
 * @throws {ConfigError} The bundle would write failures in the clear, but there are payload keys.
 */
export function workflowCode({ worker, codec }: WorkflowCodeOptions) {
  const codePath = bundlePath({ worker, codec });
  if (codePath === undefined) {
    return { workflowsPath: fileURLToPath(new URL('../workflows', import.meta.url)) };
  }
  if (
    codec.keys.length > 0 &&
    !readFileSync(codePath, 'utf8').includes('workflows/failure-converter')
  ) {
    throw new ConfigError(
      `WORKFLOW_BUNDLE "${codePath}" would write failures in the clear, but PAYLOAD_KEYS is set: use workflow-bundle-encrypting.js`,
    );
  }
  return { workflowBundle: { codePath } };
}

/** For the sources: a bundle has them already, and the SDK would warn of them. */
export function workflowModules(options: WorkflowCodeOptions): string[] {
  return bundlePath(options) === undefined ? interceptorModules : [];
}

function bundlePath({ worker, codec }: WorkflowCodeOptions): string | undefined {
  return worker.workflowBundle ?? prebuiltBundle({ encrypts: codec.keys.length > 0 });
}

/** The build puts them into dist (tools/build.ts); from source there are none. */
function prebuiltBundle({ encrypts }: { encrypts: boolean }): string | undefined {
  const name = encrypts ? 'workflow-bundle-encrypting.js' : 'workflow-bundle.js';
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

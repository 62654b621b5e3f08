import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { codecConfig } from '../config/codec-config.ts';
import { ConfigError } from '../config/settings.ts';
import { type workerConfig } from '../config/worker-config.ts';

/** Modules in every bundle. */
export const interceptorModules = ['tracing', 'query-guard'].map((name) =>
  fileURLToPath(new URL(`../workflows/${name}`, import.meta.url)),
);

export interface WorkflowCodeOptions {
  worker: Pick<ReturnType<typeof workerConfig>, 'workflowBundle'>;
  codec: Pick<ReturnType<typeof codecConfig>, 'keys'>;
}

/**
 * A prebuilt bundle, or the sources, which the worker bundles at startup.
 *
 * @throws {ConfigError} There are payload keys, but the bundle does not encrypt failures.
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

/** Only for sources: a bundle contains them, and the SDK would warn. */
export function workflowModules(options: WorkflowCodeOptions): string[] {
  return bundlePath(options) === undefined ? interceptorModules : [];
}

function bundlePath({ worker, codec }: WorkflowCodeOptions): string | undefined {
  return worker.workflowBundle ?? prebuiltBundle({ encrypts: codec.keys.length > 0 });
}

/** The build writes them to dist (tools/build.ts). Absent when run from source. */
function prebuiltBundle({ encrypts }: { encrypts: boolean }): string | undefined {
  const name = encrypts ? 'workflow-bundle-encrypting.js' : 'workflow-bundle.js';
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

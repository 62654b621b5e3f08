/**
 * `npm run build`: src → dist, with the files that are not TypeScript, and two workflow bundles for production, without
 * and with payload keys, because the bundle determines whether failures are encrypted.
 */
import { execFileSync } from 'node:child_process';
import { cp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const root = new URL('../', import.meta.url);
const at = (path: string) => fileURLToPath(new URL(path, root));

await rm(at('dist'), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
);
for (const folder of ['sandbox-gateway/media', 'studio/assets']) {
  await cp(at(`src/${folder}`), at(`dist/${folder}`), { recursive: true });
}
const workflows = {
  workflowsPath: at('dist/workflows/index.js'),
  workflowInterceptorModules: ['tracing', 'query-guard'].map((name) =>
    at(`dist/workflows/${name}.js`),
  ),
  logger: new DefaultLogger('WARN'),
};
const plain = await bundleWorkflowCode(workflows);
await writeFile(at('dist/workflow-bundle.js'), plain.code);
const failureConverterPath = at('dist/workflows/failure-converter.js');
const encrypting = await bundleWorkflowCode({ ...workflows, failureConverterPath });
await writeFile(at('dist/workflow-bundle-encrypting.js'), encrypting.code);

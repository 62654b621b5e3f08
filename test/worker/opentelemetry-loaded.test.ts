import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tempStorage } from '../fakes/temp-storage.ts';

const run = promisify(execFile);
const bin = fileURLToPath(new URL('../../bin/onetake.js', import.meta.url));
/** Says on stderr which modules of OpenTelemetry the process asks for. */
const hook = `
import { writeSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (found.url.includes('/@opentelemetry/')) writeSync(2, 'loaded ' + found.url + '\\n');
  return found;
}`;
const asData = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const preload = asData(
  `import { register } from 'node:module'; register(${JSON.stringify(asData(hook))});`,
);

/** What a worker loads until it looks for Temporal, where nobody listens. */
async function loadedBy(env: Record<string, string>): Promise<string[]> {
  const { folder } = await tempStorage();
  const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1', GATEWAY_BASE_URL: 'http://127.0.0.1:1' };
  const settings = { GATEWAY_API_KEY: 'sk-test', STORAGE_URL: folder, ...nowhere, ...env };
  const args = ['--import', preload, bin, 'worker'];
  const { stderr } = await run(process.execPath, args, { env: settings }).catch(
    (error: { stderr: string }) => error,
  );
  expect(stderr).toContain('No Temporal server answers');
  return stderr.split('\n').filter((line) => line.startsWith('loaded '));
}

test('nothing of OpenTelemetry is loaded where no spans are to be sent', async () => {
  expect(await loadedBy({})).toEqual([]);
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  expect(await loadedBy(endpoint)).not.toEqual([]);
}, 60_000);

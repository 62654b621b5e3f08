/**
 * `npm run test:e2e:postgres`: the e2e suite on the server that production has, Temporal on PostgreSQL, started as
 * deploy/postgres/run.ts does it. Arguments go to vitest, say a test file.
 *
 * Tests that kill or exchange a Temporal server start development servers of their own, here as everywhere: two cases
 * of survive.test.ts and operators.test.ts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTemporalOnPostgres } from '../deploy/postgres/temporal-on-postgres.ts';

/** Chaos kills a server of its own, the package needs none, and search attributes register themselves on SQLite only. */
const elsewhere = ['chaos', 'pack', 'search-attributes'];
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

const server = await startTemporalOnPostgres({
  env: process.env,
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
try {
  const excluded = elsewhere.flatMap((name) => ['--exclude', `test/e2e/${name}.test.ts`]);
  const args = [vitest, 'run', '--project', 'e2e', ...excluded, ...process.argv.slice(2)];
  const env = { ...process.env, E2E_TEMPORAL_ADDRESS: server.address };
  const suite = spawn(process.execPath, args, { env, stdio: 'inherit' });
  const [exitCode] = (await once(suite, 'close')) as [number | null];
  process.exitCode = exitCode ?? 1;
} finally {
  await server.stop();
}

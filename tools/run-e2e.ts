/**
 * `npm run test:e2e:postgres`, `npm run test:e2e:codec`: the e2e suite on the production server, or with encrypted
 * payloads. Arguments go to vitest, e.g. a test file.
 */
import { stands, suiteArguments } from './e2e-stands.ts';
import { runVitest } from './run-vitest.ts';

const [name, ...rest] = process.argv.slice(2);
if (name !== 'postgres' && name !== 'codec') throw new Error(`No stand is called "${name}"`);
const stand = await stands[name]({
  env: process.env,
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
try {
  const env = { ...process.env, ...stand.env };
  process.exitCode = await runVitest([...suiteArguments(stand), ...rest], { env });
} finally {
  await stand.stop();
}

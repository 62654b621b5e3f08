/**
 * `npx tsx deploy/postgres/run.ts`: the production server on PostgreSQL, without containers, until Ctrl-C. Its data go
 * with it: to look at onetake on the server that production has, and for the e2e suite (`npm run test:e2e:postgres`).
 */
import { once } from 'node:events';
import { fetchParts, startTemporalOnPostgres } from './temporal-on-postgres.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);
const place = { env: process.env, onProgress: say };
const server = await startTemporalOnPostgres(await fetchParts(place), place);
say('Temporal on PostgreSQL is ready; Ctrl-C ends it and removes its data');
process.stdout.write(`TEMPORAL_ADDRESS=${server.address}\n`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await server.stop();

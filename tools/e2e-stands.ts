import { randomBytes } from 'node:crypto';
import { fetchParts, startTemporalOnPostgres } from '../deploy/postgres/temporal-on-postgres.ts';

/** What the e2e suite can stand on beside its usual server without keys. */
export interface Stand {
  env: Record<string, string>;
  /** Names of test files that do not run on it. */
  elsewhere: readonly string[];
  stop(): Promise<void>;
}

interface Place {
  env: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
  buildLimitMs?: number;
}

/** How to set up each of them, by the name that `npm run test:e2e:<name>` has. */
export const stands = {
  postgres: standOnPostgres,
  codec: standWithCodec,
} as const satisfies Record<string, (place: Place) => Promise<Stand>>;

/** What of the suite CI runs on each: what differs most with the server, or with what clients and workers write. */
export const ciParts = {
  postgres: ['by-name', 'cancel', 'batch', 'production-server'],
  codec: ['main-path', 'nexus'],
} satisfies Record<keyof typeof stands, string[]>;

/**
 * The server that production has, started as deploy/postgres/run.ts does it. Tests that kill or exchange a Temporal
 * server start development servers of their own, here as everywhere.
 *
 * @throws {UnavailableError} A part of it cannot be had on this machine.
 */
async function standOnPostgres(place: Place): Promise<Stand> {
  const server = await startTemporalOnPostgres(await fetchParts(place), place);
  return {
    env: { E2E_TEMPORAL_ADDRESS: server.address },
    // Two kill servers of their own, the package needs none, and search attributes register themselves on SQLite only.
    elsewhere: ['batch-kills', 'chaos', 'pack', 'search-attributes'],
    stop: () => server.stop(),
  };
}

/** A key for clients and workers; each stage then proves at its end that nothing was written in the clear. */
async function standWithCodec(): Promise<Stand> {
  return {
    env: { PAYLOAD_KEYS: `e2e:${randomBytes(32).toString('base64')}` },
    // It has keys of its own in any case, chaos has none, and the package needs none.
    elsewhere: ['codec', 'chaos', 'pack'],
    stop: async () => {},
  };
}

/** Arguments of vitest for the suite on a stand. */
export function suiteArguments({ elsewhere }: Pick<Stand, 'elsewhere'>): string[] {
  const excluded = elsewhere.flatMap((name) => ['--exclude', `test/e2e/${name}.test.ts`]);
  return ['--project', 'e2e*', ...excluded];
}

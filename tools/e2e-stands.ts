import { randomBytes } from 'node:crypto';
import { fetchParts, startTemporalOnPostgres } from '../deploy/postgres/temporal-on-postgres.ts';

/** Environments for the e2e suite besides the usual server without payload keys. */
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

/** Set-up of each environment, by the name in `npm run test:e2e:<name>`. */
export const stands = {
  postgres: standOnPostgres,
  codec: standWithCodec,
} as const satisfies Record<string, (place: Place) => Promise<Stand>>;

/** Files that CI runs in each environment: those that depend most on the server or on payloads. */
export const ciParts = {
  postgres: ['by-name', 'cancel', 'batch', 'production-server'],
  codec: ['main-path', 'nexus'],
} satisfies Record<keyof typeof stands, string[]>;

/**
 * The production server, started as in deploy/postgres/run.ts. Tests that kill or exchange a Temporal server start
 * their own development servers, as always.
 *
 * @throws {UnavailableError} A part of it is not available on this machine.
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

/** A payload key for clients and workers. Each harness verifies at its end that nothing was written in the clear. */
async function standWithCodec(): Promise<Stand> {
  return {
    env: { PAYLOAD_KEYS: `e2e:${randomBytes(32).toString('base64')}` },
    // Left out: a file with its own keys, chaos, which has none, and the package test, which needs none.
    elsewhere: ['codec', 'chaos', 'pack'],
    stop: async () => {},
  };
}

/** Arguments of vitest for the suite in an environment. */
export function suiteArguments({ elsewhere }: Pick<Stand, 'elsewhere'>): string[] {
  const excluded = elsewhere.flatMap((name) => ['--exclude', `test/e2e/${name}.test.ts`]);
  return ['--project', 'e2e*', ...excluded];
}

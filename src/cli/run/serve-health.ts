import { checkDependencies, type DependencyOptions } from '../../worker/readiness.ts';
import { startHealth } from './start-health.ts';

/** Options of {@link openServeHealth}. */
export interface ServeHealthOptions extends DependencyOptions {
  listen: { host: string; port: number } | undefined;
  /** Why the keys file cannot be used; null if it can. */
  keysProblem?: () => Promise<string | null>;
  /** The metrics in the text format of Prometheus. */
  page: () => Promise<string>;
}

type State = 'starting' | 'running' | 'stopping';

/** Health and metrics of the HTTP API. */
export interface ServeHealth {
  /** It is ready only while it is running. */
  set(state: State): void;
  stop(): Promise<void>;
}

/** Opens the port for health and metrics, if there is one. @throws {UsageError} It is not available. */
export async function openServeHealth(options: ServeHealthOptions): Promise<ServeHealth> {
  const { listen, keysProblem = async () => null, page } = options;
  let state: State = 'starting';
  const faults = checkDependencies(options);
  const reasons = async () => {
    if (state !== 'running') return [`serve: ${state}`];
    const problem = await keysProblem();
    return [...(await faults()), ...(problem === null ? [] : [`keys: ${problem}`])];
  };
  const server =
    listen &&
    (await startHealth({
      ...listen,
      readiness: async () => {
        const found = await reasons();
        return { ready: found.length === 0, reasons: found };
      },
      metrics: page,
    }));
  return {
    set: (next) => {
      state = next;
    },
    stop: async () => server?.stop(),
  };
}

import { createHarness, type Harness, type HarnessOptions } from './harness.ts';
import { startServeProcess, type ServeProcess } from './serve-process.ts';

/** A harness with one worker and one `onetake serve`. */
export interface ServeHarness extends Harness {
  server: ServeProcess;
  /** One more server beside it, with the same settings and these. It ends with the harness at the latest. */
  startServer(env?: Record<string, string>): Promise<ServeProcess>;
}

/** At the default speed a job takes a second. The servers do not get the API key of the gateway. */
export async function createServeHarness(
  options: HarnessOptions & { env?: Record<string, string> } = {},
): Promise<ServeHarness> {
  const { env: extra = {}, ...rest } = options;
  const harness = await createHarness({ speed: 100, ...rest });
  const { GATEWAY_API_KEY: _key, ...settings } = harness.env;
  const servers: ServeProcess[] = [];
  const startServer = async (env: Record<string, string> = {}) => {
    const server = await startServeProcess({ ...settings, ...extra, ...env });
    servers.push(server);
    return server;
  };
  const dispose = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await harness[Symbol.asyncDispose]();
  };
  try {
    await harness.startWorker(extra);
    const server = await startServer();
    return { ...harness, server, startServer, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What the gateway has seen of the videos with this prompt: create requests, and jobs that were charged. */
export function paidFor({ gateway }: Harness, prompt: string): { posts: number; jobs: number } {
  const { posts, paidJobs } = gateway.ledger;
  return {
    posts: posts.filter(({ body }) => body?.['prompt'] === prompt).length,
    jobs: paidJobs.filter((job) => job.prompt === prompt).length,
  };
}

export const paidOnce = { posts: 1, jobs: 1 };

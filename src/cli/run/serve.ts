import type { Command } from 'commander';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { withTemporal } from '../with-temporal.ts';
import { field } from '../video/report-video.ts';

/** Flags of `onetake serve`. */
export interface Flags {
  host?: string;
  port?: string;
}

const examples = `
Examples:
  $ onetake serve
  $ SERVE_KEYS_FILE=keys.json onetake serve --host 0.0.0.0

Needs no gateway API key: workers submit, poll and download. docs/http.md has the routes and settings.`;

/** `onetake serve`: the HTTP API, until Ctrl-C. */
export function configureServe(command: Command): Run {
  command
    .option('--host <address>', 'address to listen on (default: SERVE_HOST, else 127.0.0.1)')
    .option('--port <port>', 'port to listen on (default: SERVE_PORT, else 8787)')
    .addHelpText('after', examples);
  return (context) => runServe(command.opts<Flags>(), context);
}

/** Serves until Ctrl-C. @param onReady Called with the address once it listens. */
export async function runServe(
  { host, port }: Flags,
  context: CliContext,
  onReady: (url: string) => Promise<void> = async () => {},
): Promise<Exit> {
  const { output, debug } = context;
  const [{ serveConfig }, { storageConfig }, { operateConfig }, { createLogger }] =
    await Promise.all([
      import('../../config/serve-config.ts'),
      import('../../config/storage-config.ts'),
      import('../../config/operate-config.ts'),
      import('../../worker/logger.ts'),
    ]);
  const env = {
    ...context.env,
    ...(host !== undefined && { SERVE_HOST: host }),
    ...(port !== undefined && { SERVE_PORT: port }),
  };
  const config = serveConfig(env);
  const storage = storageConfig(env);
  const { log, metrics } = operateConfig(env);
  const { format = output.isTerminal ? 'pretty' : 'json' } = log;
  const logger = createLogger({ format, level: debug ? 'debug' : log.level, secrets: [] });
  const interrupt = listenForInterrupt();
  await withTemporal({ env }, async (temporal) => {
    const { startServe } = await import('./start-serve.ts');
    const parts = { config, storage, temporal, env, logger, ...(metrics && { metrics }) };
    const server = await startServe(parts).catch(inUse(config));
    try {
      reportReady(server.url, config, context);
      await onReady(server.url);
      await interrupt.happened;
    } finally {
      await server.stop();
    }
  });
  return 'ok';
}

function reportReady(
  url: string,
  { keysFile }: { keysFile?: string },
  { output }: CliContext,
): void {
  output.result(
    (colors) => [
      `HTTP API ready at ${url}`,
      field('studio', `${url}/studio`, colors),
      field('docs', `${url}/docs`, colors),
      field('mcp', `${url}/mcp, for agents`, colors),
      field('keys', keysFile ?? 'none needed, because only this machine can connect', colors),
      'Ctrl-C stops it.',
    ],
    { outcome: 'ready', url: url },
  );
}

function inUse({ host, port }: { host: string; port: number }): (cause: unknown) => never {
  return (cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw cause;
    throw new UsageError(`Cannot listen on ${host}:${port}: ${code}; choose another --port`, {
      cause,
    });
  };
}

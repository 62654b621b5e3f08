import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Client } from '@temporalio/client';
import type { Logger } from '@temporalio/common';
import type { Command } from 'commander';
import type { CliContext, Env, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { endOf } from './end-of.ts';
import { withTemporal } from '../with-temporal.ts';
import type { McpCaller, McpPorts } from '../../mcp/ports.ts';
import type { StorageConfig } from '../../storage/create-storage.ts';

const help = `
A program that works with agents starts this command and speaks MCP with it on stdin and stdout. Logs go to stderr.
It pays only with the word of a person: docs/mcp.md says how, and has settings for common programs.

Needs no gateway API key: workers submit, poll and download. Beside \`onetake dev\` it needs no settings.`;

/** `onetake mcp`: the tools for agents on stdin and stdout, until stdin ends. */
export function configureMcp(command: Command): Run {
  command.addHelpText('after', help);
  return run;
}

async function run({ env, output, debug }: CliContext): Promise<Exit> {
  const [
    { mcpTenant },
    { publicUrlSetting },
    { storageConfig },
    { operateConfig },
    { createLogger },
  ] = await Promise.all([
    import('./mcp-tenant.ts'),
    import('../../config/serve-config.ts'),
    import('../../config/storage-config.ts'),
    import('../../config/operate-config.ts'),
    import('../../worker/logger.ts'),
  ]);
  const tenant = mcpTenant(env);
  // Of a server with the same storage, where a person can approve.
  const serverUrl = publicUrlSetting(env);
  const storage = storageConfig(env);
  const { log } = operateConfig(env);
  const { format = output.isTerminal ? 'pretty' : 'json' } = log;
  const logger = createLogger({ format, level: debug ? 'debug' : log.level, secrets: [] });
  const interrupt = listenForInterrupt();
  // Waits that are open then end: the host that started them has gone.
  const closing = AbortSignal.any([interrupt.signal, endOf(process.stdin)]);
  try {
    await withTemporal({ env }, async (temporal) => {
      const parts = { env, storage, temporal, logger, closing };
      const caller: McpCaller = {
        tenant,
        requestId: () => `req_${randomUUID().replaceAll('-', '')}`,
        ...(serverUrl !== undefined && { serverUrl }),
        linkOf: ({ status }) => (status.video ? { uri: status.video.uri } : null),
      };
      await serve({ ports: await openPorts(parts), caller, logger });
    });
  } finally {
    interrupt.stop();
  }
  return 'ok';
}

interface Serving {
  ports: McpPorts;
  caller: McpCaller;
  logger: Logger;
}

/** Until the program that started the command closes stdin, or a signal. */
async function serve({ ports, caller, logger }: Serving): Promise<void> {
  const [{ serveStdio }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('../../mcp/create-mcp-server.ts'),
  ]);
  const server = serveStdio(() => createMcpServer(ports, caller), {
    onerror: (error) => logger.warn('MCP', { error }),
  });
  const { closing } = ports;
  if (!closing.aborted) await once(closing, 'abort');
  await server.close();
  // An open pipe would keep the process running.
  process.stdin.destroy();
}

interface StdioParts {
  env: Env;
  storage: StorageConfig;
  temporal: Client;
  logger: Logger;
  closing: AbortSignal;
}

async function openPorts({ env, temporal, logger, closing, ...given }: StdioParts) {
  const [{ openPorts: openServePorts }, { createStorage }, { localServe }, { mcpPorts }] =
    await Promise.all([
      import('../../serve/open-ports.ts'),
      import('../../storage/create-storage.ts'),
      import('./local-serve.ts'),
      import('./mcp-ports.ts'),
    ]);
  const secret = randomBytes(32).toString('hex');
  const ports = await openServePorts({
    ...localServe(env),
    temporal,
    closing,
    storage: await createStorage(given.storage),
    onError: (error, requestId) => logger.error('Request failed', { requestId, error }),
  });
  return mcpPorts(ports, { env, stateSecret: () => secret });
}

import type { Command } from 'commander';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { Colors } from '../output.ts';
import { field } from '../video/report-video.ts';

interface Flags {
  host?: string;
  port?: string;
  mediaPort?: string;
  speed?: string;
  scenario?: string;
  ledger?: string;
  generation?: string;
  list?: true;
}

const examples = `
Examples:
  $ onetake sandbox --speed 20 --scenario poll-unknown-n=3
  $ onetake sandbox --list

Responds like the paid gateway, with faults on demand, at no cost.`;

/** `onetake sandbox`: the sandbox gateway alone, until Ctrl-C. */
export function configureSandbox(command: Command): Run {
  command
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <port>', 'port of the gateway (default: a free one)')
    .option('--media-port <port>', 'port of its media host (default: a free one)')
    .option('--speed <factor>', 'its seconds per real second (default: 1)')
    .option('--scenario <names>', 'scenarios for requests that select none')
    .option(
      '--generation <name>',
      'classic, or plugins: a host with task plugins (default: classic)',
    )
    .option('--ledger <file>', 'keep jobs and ledger in this file across restarts')
    .option('--list', 'print the scenarios')
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, { output }: CliContext): Promise<Exit> {
  if (flags.list) {
    const { scenarios } = await import('../../sandbox-gateway/scenarios/scenarios.ts');
    const rows = scenarios.map(({ name, phase, line, number }) => ({ name, phase, line, number }));
    output.result((colors) => scenarioLines(rows, colors), { scenarios: rows });
    return 'ok';
  }
  const interrupt = listenForInterrupt();
  const gateway = await startSandbox(flags);
  const { url, mediaUrl, apiKey, accessToken } = gateway;
  try {
    output.result(
      (colors) => [
        'Sandbox gateway ready, at no cost. Settings for a worker:',
        field('', `GATEWAY_BASE_URL=${url}`, colors),
        field('', `GATEWAY_API_KEY=${apiKey}`, colors),
        field('', `GATEWAY_TRUSTED_ORIGINS=${mediaUrl}`, colors),
        field('', `GATEWAY_ACCESS_TOKEN=${accessToken}`, colors),
        field('', `POLL_SPEED=${flags.speed ?? '1'}`, colors),
        field('ledger', `${url}/sandbox/ledger`, colors),
        'Ctrl-C stops it.',
      ],
      { outcome: 'ready', url, mediaUrl, apiKey, accessToken },
    );
    await interrupt.happened;
  } finally {
    await gateway.stop();
  }
  return 'ok';
}

/** @throws {UsageError} A flag cannot be used, or a port is taken. */
export async function startSandbox(flags: Omit<Flags, 'list'>) {
  const { startSandboxGateway } = await import('../../sandbox-gateway/server.ts');
  const { host, scenario, ledger } = flags;
  const port = parseNumber('--port', flags.port);
  const mediaPort = parseNumber('--media-port', flags.mediaPort);
  const speed = parseNumber('--speed', flags.speed);
  const generation = parseGeneration(flags.generation);
  try {
    return await startSandboxGateway({
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      ...(mediaPort !== undefined && { mediaPort }),
      ...(speed !== undefined && { speed }),
      ...(scenario !== undefined && { scenario }),
      ...(generation !== undefined && { generation }),
      ...(ledger !== undefined && { ledgerFile: ledger }),
    });
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new UsageError(`Cannot start the sandbox gateway: ${cause.message}`, { cause });
  }
}

function parseGeneration(text: string | undefined): 'classic' | 'plugins' | undefined {
  if (text === undefined || text === 'classic' || text === 'plugins') return text;
  throw new UsageError(`Cannot use --generation "${text}": it must be classic or plugins`);
}

function parseNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`Cannot use ${flag} "${text}": it must be a number`);
}

interface ScenarioRow {
  name: string;
  phase: string;
  line: string;
}

function scenarioLines(rows: readonly ScenarioRow[], colors: Colors): string[] {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const phases = [...new Set(rows.map(({ phase }) => phase))];
  return phases.flatMap((phase) => [
    colors.bold(phase),
    ...rows
      .filter((row) => row.phase === phase)
      .map(({ name, line }) => `  ${colors.cyan(name.padEnd(width))}  ${line}`),
  ]);
}

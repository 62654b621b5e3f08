import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createCleanup } from '../cleanup.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import { demoChecks, type DemoCheck } from './demo-checks.ts';
import { playDemo } from './demo-play.ts';
import { startDemoEnvironment, type DemoEnvironment } from './demo-environment.ts';
import type { Exit } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { Colors } from '../output.ts';
import { clock } from '../../contract/clock-text.ts';

interface Flags {
  speed: string;
  keep?: true;
}

const examples = `
Example:
  $ onetake demo --keep

Needs no API key and costs nothing. Exits with 0 only if every check in its report passes.`;

/** `onetake demo`: one paid POST, one stored video, although the worker is killed. */
export function configureDemo(command: Command): Run {
  command
    .option('--keep', 'leave the Temporal server and its UI running')
    .option(
      '--speed <factor>',
      'speed of the sandbox gateway: its seconds per real second, up to 20',
      '10',
    )
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, context: CliContext): Promise<Exit> {
  const speed = Number(flags.speed);
  if (!(speed >= 1 && speed <= 20)) {
    throw new UsageError(`Cannot use --speed "${flags.speed}": it must be a number from 1 to 20`);
  }
  const interrupt = listenForInterrupt();
  const cleanup = createCleanup();
  const folder = await mkdtemp(join(tmpdir(), 'onetake-demo-'));
  const keep = flags.keep === true;
  const shown = show({ ...context, folder, speed, keep, cleanup, interrupt }).catch(
    (error: unknown) => {
      if (interrupt.signal.aborted) return null;
      throw error;
    },
  );
  try {
    const exit = await Promise.race([shown, interrupt.happened.then(() => null)]);
    if (exit !== null) return exit;
    context.output.badResult(() => ['Stopped and cleaned up.'], { outcome: 'stopped' });
    return 'detached';
  } finally {
    await cleanup.run();
    // A resource that was being created at Ctrl-C is ended when it exists.
    await shown.catch(() => {});
    if (!cleanup.succeeded) await rm(folder, { recursive: true, force: true });
    interrupt.stop();
  }
}

interface Show extends CliContext {
  folder: string;
  speed: number;
  keep: boolean;
  cleanup: ReturnType<typeof createCleanup>;
  interrupt: ReturnType<typeof listenForInterrupt>;
}

async function show({ output, folder, speed, keep, cleanup, interrupt }: Show): Promise<Exit> {
  const startedAt = Date.now();
  const { colors } = output;
  const { signal } = interrupt;
  const say = (line: string) => {
    if (!signal.aborted) output.note(`[${clock(Date.now() - startedAt)}] ${line}`);
  };
  output.note(
    colors.bold('onetake demo: kill the worker during a paid video, and still deliver it'),
  );
  const environment = await startDemoEnvironment({
    folder,
    speed,
    keepServer: keep,
    cleanup,
    say,
    onProgress: (line) => say(colors.dim(line)),
  });
  signal.throwIfAborted();
  const evidence = await playDemo({ environment, cleanup, output, signal, say, startedAt });
  const checks = demoChecks(evidence);
  const ok = checks.every((check) => check.ok);
  cleanup.succeeded = ok;
  const ui = workflowUrl(environment, evidence);
  const tookSeconds = (Date.now() - startedAt) / 1_000;
  const report = (paint: Colors) => [
    '',
    ...checks.map((check) => checkLine(check, paint)),
    `  ${'Temporal UI'.padEnd(16)} ${ui}`,
    ...(keep ? [] : [`  ${''.padEnd(16)} ${paint.dim('stops now; --keep leaves it running')}`]),
    `  ${'took'.padEnd(16)} ${tookSeconds.toFixed(1)} s`,
    ...(keep ? [`  ${'to stop'.padEnd(16)} kill ${environment.server.pid}; rm -r ${folder}`] : []),
  ];
  const value = { ok, checks, folder, ui, tookSeconds };
  if (ok) output.result(report, value);
  else output.badResult(report, value);
  return ok ? 'ok' : 'failed';
}

function checkLine({ name, ok, found }: DemoCheck, colors: Colors): string {
  return `${ok ? colors.green('✓') : colors.red('✗')} ${name.padEnd(16)} ${found}`;
}

function workflowUrl(
  { server }: DemoEnvironment,
  { videoId, runId }: { videoId: string; runId: string },
): string {
  const id = encodeURIComponent(videoId);
  return `${server.uiUrl ?? ''}/namespaces/default/workflows/${id}/${runId}`;
}

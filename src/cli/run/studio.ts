import type { Command } from 'commander';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { openWithSystem } from '../open-with-system.ts';
import { field } from '../video/report-video.ts';

interface Flags {
  open: boolean;
}

const examples = `
Examples:
  $ onetake studio
  $ onetake studio --no-open

Opens the studio of the server that runs here: of \`onetake dev\`, or of \`onetake serve\`. Without one, it runs the
server itself until Ctrl-C.`;

/** `onetake studio`: the pages for people, in the browser. */
export function configureStudio(command: Command): Run {
  command.option('--no-open', 'print the address only').addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, context: CliContext): Promise<Exit> {
  const { serveConfig } = await import('../../config/serve-config.ts');
  const { host, port } = serveConfig(context.env);
  const url =
    context.env['STUDIO_URL'] ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}/studio`;
  if (await isStudio(url)) {
    await show(url, flags, context);
    return 'ok';
  }
  const { runServe } = await import('./serve.ts');
  return runServe({}, context, async (address) => {
    if (flags.open) await openWithSystem(`${address}/studio`, context.env);
  });
}

const patienceMs = 3_000;

/** Whether a server of ours answers there. Another program may have the port. */
async function isStudio(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/openapi.json', url), {
      signal: AbortSignal.timeout(patienceMs),
    });
    return /"title":"onetake\b/.test(await answer.text());
  } catch {
    return false;
  }
}

async function show(url: string, { open }: Flags, { env, output }: CliContext): Promise<void> {
  const isOpened = open && (await openWithSystem(url, env));
  output.result(
    (colors) => [
      ...(open && !isOpened
        ? [colors.yellow('! no browser was found; open the address yourself')]
        : []),
      field('studio', url, colors),
    ],
    { outcome: isOpened ? 'opened' : 'shown', url },
  );
}

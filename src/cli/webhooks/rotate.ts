import type { Command } from 'commander';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { field } from '../video/report-video.ts';
import { readSecretFile, shownEndpoint, unknownEndpoint } from './endpoints.ts';
import { openEndpoints, orUsageError } from './ports.ts';

interface Flags {
  finish?: true;
  restart?: true;
  secretFile?: string;
}

const examples = `
Examples:
  $ onetake webhooks rotate we_3f9a1c72b0d4e5863f9a1c72            (then let the receiver use the new secret)
  $ onetake webhooks rotate we_3f9a1c72b0d4e5863f9a1c72 --finish   (then the former secret signs nothing more)

In between, each webhook is signed with both secrets. If the new secret was lost: --restart replaces it with another.`;

/** `onetake webhooks rotate`: a new secret beside the current one; with `--finish`, only the new one. */
export function configureWebhooksRotate(command: Command): Run {
  command
    .argument('<endpoint id>', 'id of the endpoint')
    .option('--finish', 'end the rotation: keep only the newest secret')
    .option(
      '--restart',
      'replace the new secret of an unfinished rotation, for example if it was lost',
    )
    .option('--secret-file <path>', 'file with the new secret, `whsec_…` (default: a random one)')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([id = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  if (flags.finish && flags.secretFile !== undefined) {
    throw new UsageError('--finish cannot go with --secret-file');
  }
  if (flags.finish && flags.restart) throw new UsageError('--finish cannot go with --restart');
  return flags.finish ? finish(id, context) : rotate(id, flags, context);
}

async function rotate(
  id: string,
  { secretFile, restart }: Flags,
  context: CliContext,
): Promise<Exit> {
  const { output } = context;
  const secret = secretFile === undefined ? undefined : await readSecretFile(secretFile);
  const records = await openEndpoints(context);
  const endpoint = await orUsageError(() => records.rotate(id, { secret, restart }));
  if (!endpoint) throw unknownEndpoint(id);
  const [made = ''] = endpoint.secrets;
  output.note('Save the signing secret now: it is not shown again.');
  output.result(
    (colors) => [
      made,
      field('id', id, colors),
      'Webhooks are signed with this secret and the former one.',
      `When the receiver verifies with the new one: onetake webhooks rotate ${id} --finish`,
    ],
    { outcome: 'rotated', ...shownEndpoint(endpoint), secret: made },
  );
  return 'ok';
}

async function finish(id: string, { env, output }: CliContext): Promise<Exit> {
  const endpoint = await (await openEndpoints({ env, output })).finishRotation(id);
  if (!endpoint) throw unknownEndpoint(id);
  output.result(() => [`Finished: webhooks to ${id} are signed with its newest secret only.`], {
    outcome: 'finished',
    ...shownEndpoint(endpoint),
  });
  return 'ok';
}

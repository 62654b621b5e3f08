import type { Command } from 'commander';
import type { VideoClient } from '../../client.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { parseMoment } from './times.ts';
import { withClient } from '../with-client.ts';

/** `onetake schedule pause`. */
export function configureSchedulePause(command: Command): Run {
  command.option('--note <text>', 'reason, shown by schedule show');
  return onSchedule(command, 'onetake schedule pause daily', async (client, name) => {
    await client.schedules.pause(name, command.opts<{ note?: string }>().note);
    return 'Paused: it does not fire until it is resumed; batches under way continue.';
  });
}

/** `onetake schedule resume`. */
export function configureScheduleResume(command: Command): Run {
  return onSchedule(command, 'onetake schedule resume daily', async (client, name) => {
    await client.schedules.resume(name);
    return 'Resumed.';
  });
}

/** `onetake schedule trigger`. */
export function configureScheduleTrigger(command: Command): Run {
  return onSchedule(command, 'onetake schedule trigger daily', async (client, name) => {
    await client.schedules.trigger(name);
    return 'Triggered; its overlap policy applies.';
  });
}

/** `onetake schedule backfill`. */
export function configureScheduleBackfill(command: Command): Run {
  command
    .requiredOption('--from <time>', 'the first time, e.g. 2026-11-20 or 2026-11-20T03:00Z')
    .requiredOption('--to <time>', 'the last time');
  const example = 'onetake schedule backfill daily --from 2026-11-20 --to 2026-11-23';
  return onSchedule(command, example, async (client, name) => {
    const { from, to } = command.opts<{ from: string; to: string }>();
    const span = { from: parseMoment('--from', from), to: parseMoment('--to', to) };
    await client.schedules.backfill(name, span);
    return 'The schedule fires for each of these times, one after the other.';
  });
}

/** `onetake schedule delete`. */
export function configureScheduleDelete(command: Command): Run {
  return onSchedule(command, 'onetake schedule delete daily', async (client, name) => {
    await client.schedules.delete(name);
    return 'Deleted: it no longer fires; batches under way continue.';
  });
}

type Act = (client: VideoClient, name: string) => Promise<string>;

function onSchedule(command: Command, example: string, act: Act): Run {
  command
    .argument('<name>', 'name of the schedule')
    .addHelpText('after', `\nExample:\n  $ ${example}`);
  return (context) => run(command.args, act, context);
}

async function run([name = '']: string[], act: Act, context: CliContext): Promise<Exit> {
  const words = await withClient(context, (client) => act(client, name));
  context.output.result(() => [words], { outcome: 'done', name });
  return 'ok';
}

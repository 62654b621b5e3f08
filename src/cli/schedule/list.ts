import type { Command } from 'commander';
import type { ScheduleDetails, ScheduleSnapshot } from '../../client.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { clock } from '../../contract/clock-text.ts';
import { field } from '../video/report-video.ts';
import { withClient } from '../with-client.ts';

/** `onetake schedule list`: from the server's index, which lags by about a second. */
export function configureScheduleList(command: Command): Run {
  command.addHelpText('after', '\nExample:\n  $ onetake schedule list');
  return list;
}

async function list(context: CliContext): Promise<Exit> {
  const schedules = await withClient(context, (client) => client.schedules.list());
  context.output.result(
    (colors) =>
      schedules.length === 0
        ? ['No schedule yet.']
        : schedules.map((schedule) => listLine(schedule, colors)),
    { schedules },
  );
  return 'ok';
}

function listLine(
  { name, paused, next: [next = ''], skipped, missed }: ScheduleSnapshot,
  colors: Colors,
): string {
  const lost = [
    ...(skipped > 0 ? [`skipped ${skipped}`] : []),
    ...(missed > 0 ? [`missed ${missed}`] : []),
  ].join(', ');
  return [
    name,
    paused ? colors.yellow('paused') : colors.dim(next),
    ...(lost === '' ? [] : [colors.yellow(lost)]),
  ].join('  ');
}

/** `onetake schedule show`. */
export function configureScheduleShow(command: Command): Run {
  command
    .argument('<name>', 'name of the schedule')
    .addHelpText('after', '\nExample:\n  $ onetake schedule show daily');
  return (context) => show(command.args, context);
}

async function show([name = '']: string[], context: CliContext): Promise<Exit> {
  const found = await withClient(context, (client) => client.schedules.show(name));
  context.output.result((colors) => lines(found, colors), found);
  return 'ok';
}

function lines(found: ScheduleDetails, colors: Colors): string[] {
  const { name, paused, note, next, recent, running } = found;
  const { fired, skipped, missed, overlap, catchupMs, jitterMs, pauseOnFailure } = found;
  const state = paused ? colors.yellow('paused') : colors.green('active');
  return [
    `${colors.bold(name)}  ${state}${note === undefined ? '' : `: ${note}`}`,
    field('fired', `${fired}, skipped ${skipped}, missed ${missed}`, colors),
    field('overlap', `${overlap}; missed firings are made up within ${clock(catchupMs)}`, colors),
    ...(jitterMs > 0 ? [field('jitter', `late by up to ${clock(jitterMs)}`, colors)] : []),
    ...(pauseOnFailure ? [field('pauses', 'after a batch with failed rows', colors)] : []),
    ...next.slice(0, 3).map((time) => field('next', time, colors)),
    ...running.map((batch) => field('running', `onetake batch status ${batch}`, colors)),
    ...recent
      .slice(-3)
      .map(({ batch }) => field('recent', `onetake batch status ${batch}`, colors)),
  ];
}

import type { Command } from 'commander';
import { defaultBatchWindow, type VideoBatchInput } from '../../contract/batch.ts';
import { UsageError } from '../context.ts';
import { parseRetakes, retakeOptions, type RetakeFlags } from '../video/retake-options.ts';

/** The flags of `batch run` and `schedule create`. */
export interface BatchFlags extends RetakeFlags {
  window?: string;
  deadline?: string;
  timezone?: string;
  capVideos?: string;
  capSeconds?: string;
  capMoney?: string;
  ignoreColumns?: string;
  sendAnyway?: true;
}

export function addBatchOptions(command: Command): Command {
  return retakeOptions(command)
    .option('--ignore-columns <names>', 'columns to ignore, separated by commas')
    .option('--window <number>', `most videos at once (default: ${defaultBatchWindow})`)
    .option('--deadline <minutes>', 'minutes until a video counts as overdue; it is still watched')
    .option('--timezone <name>', 'time zone of {{date}}, e.g. Europe/Berlin (default: UTC)')
    .option('--cap-videos <number>', 'pay for no more videos than this')
    .option('--cap-seconds <number>', 'pay for no more seconds of video than this')
    .option(
      '--send-anyway',
      'send a request even if the catalogue says that the gateway refuses it',
    )
    .option('--cap-money <number>', 'spend no more than this, by the prices of the workers');
}

/** @throws {UsageError} */
export function parseBatchOptions(flags: BatchFlags): Omit<VideoBatchInput, 'name' | 'manifest'> {
  const window = whole('--window', flags.window);
  const minutes = number('--deadline', flags.deadline);
  const videos = whole('--cap-videos', flags.capVideos);
  const seconds = number('--cap-seconds', flags.capSeconds);
  const money = number('--cap-money', flags.capMoney);
  const caps = {
    ...(videos !== undefined && { videos }),
    ...(seconds !== undefined && { seconds }),
    ...(money !== undefined && { money }),
  };
  const retakes = parseRetakes(flags);
  return {
    ...(window !== undefined && { window }),
    ...(minutes !== undefined && { deadlineMs: minutes * 60_000 }),
    ...(flags.timezone !== undefined && { timeZone: flags.timezone }),
    ...(Object.keys(caps).length > 0 && { caps }),
    ...(retakes && { retakes }),
    ...(flags.sendAnyway && { sendAnyway: true }),
  };
}

/** Columns of the manifest to ignore. */
export function parseIgnored({ ignoreColumns = '' }: BatchFlags): string[] {
  return ignoreColumns.split(',').filter((name) => name.trim() !== '');
}

function whole(flag: string, text: string | undefined): number | undefined {
  const value = number(flag, text);
  if (value === undefined || Number.isInteger(value)) return value;
  throw new UsageError(`Cannot use ${flag} "${text}": it must be a whole number`);
}

function number(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`Cannot use ${flag} "${text}": it must be a number above 0`);
}

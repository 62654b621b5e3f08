import type { Command } from 'commander';
import { videoFormats } from '../../contract/video-request.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { finishVideo } from './finish-video.ts';
import { followVideo } from './follow-video.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  format: string;
  for?: string;
  detach?: true;
}

const examples = `
Example:
  $ onetake adopt task_EABiuT2mSyJ6VSCYkgqLmvVdKQkmPiMm

Submits nothing and pays nothing. May be repeated.`;

/** `onetake adopt`: delivers an existing job of the gateway. */
export function configureAdopt(command: Command): Run {
  command
    .argument('<job id>', 'id of the job at the gateway')
    .option('--format <format>', `route of the job: ${videoFormats.join(' or ')}`, 'videos')
    .option('--for <id>', 'video that the job belongs to, ended or unresolved')
    .option('--detach', 'start it and do not wait')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([jobId = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const format = videoFormats.find((name) => name === flags.format);
  if (!format) {
    throw new UsageError(
      `Unknown format "${flags.format}": it must be ${videoFormats.join(' or ')}`,
    );
  }
  const { output } = context;
  const interrupt = listenForInterrupt();
  try {
    return await withClient(context, async (client) => {
      const { videoId, outcome } = await client.adopt(
        { format, jobId },
        flags.for === undefined ? {} : { videoId: flags.for },
      );
      if (flags.detach) {
        output.result(() => [`${outcome}: ${videoId}`], { outcome, videoId });
        return 'ok';
      }
      output.note(`${outcome}: ${videoId}`);
      return finishVideo(await followVideo({ client, videoId, output, interrupt }), {
        context,
        videoId,
      });
    });
  } finally {
    interrupt.stop();
  }
}

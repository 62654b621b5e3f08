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

Nothing is submitted and nothing is paid, however often it is asked.`;

/** `onetake adopt`: deliver a job that exists at the gateway. */
export function configureAdopt(command: Command): Run {
  command
    .argument('<job id>', 'id of the job, as the gateway gave it')
    .option('--format <format>', `route to ask: ${videoFormats.join(' or ')}`, 'videos')
    .option('--for <id>', 'the video that this job belongs to, ended or unresolved')
    .option('--detach', 'start only, do not follow')
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

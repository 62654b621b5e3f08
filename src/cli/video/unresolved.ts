import type { Command } from 'commander';
import type { VideoSnapshot } from '../../client.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { field, shellWord } from './report-video.ts';
import { shortId } from '../short-id.ts';
import { withClient } from '../with-client.ts';

const limit = 100;

const examples = `
Example:
  $ onetake unresolved

Each needs a decision: the paid request was sent, and its outcome is unknown.`;

/** `onetake unresolved`: submits that need a decision, with what is known and the cost of each option. */
export function configureUnresolved(command: Command): Run {
  command.addHelpText('after', examples);
  return run;
}

async function run(context: CliContext): Promise<Exit> {
  const videos = await withClient(context, async (client) => {
    const listed = await client.list({ phase: 'unresolved', limit });
    const open = listed.filter(({ closedAt }) => closedAt === undefined);
    return Promise.all(open.map(({ videoId }) => client.status(videoId)));
  });
  context.output.result(
    (colors) =>
      videos.length === 0
        ? ['No submit is unresolved.']
        : videos.flatMap((video) => lines(video, colors)),
    { videos },
  );
  return 'ok';
}

function lines(video: VideoSnapshot, colors: Colors): string[] {
  const id = shellWord(video.videoId);
  const { unresolved, model = '?', billed } = video;
  const { failure, since = video.startedAt, findings = [], candidates = [] } = unresolved ?? {};
  return [
    colors.bold(shortId(video.videoId)),
    field('sent', `${model}, at ${since}`, colors),
    field('observed', failure?.message ?? 'no worker responds; only the index is known', colors),
    ...(failure?.requestId === undefined ? [] : [field('request', failure.requestId, colors)]),
    field('billed', billed, colors),
    ...findings.map((finding) => field('records', finding, colors)),
    ...candidates.map((jobId) => field('candidate', jobId, colors)),
    `  onetake resolve ${id} --adopt <job id>   costs nothing more; the job is polled and its video stored`,
    `  onetake resolve ${id} --resubmit         pays a second time if a job exists after all`,
    `  onetake resolve ${id} --abandon          pays nothing more; a job that exists stays billed`,
    '',
  ];
}

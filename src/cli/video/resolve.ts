import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ResolveSubmission } from '../../client.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { shellWord } from './report-video.ts';
import { fullId } from '../short-id.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  adopt?: string;
  resubmit?: true;
  abandon?: true;
}

/** A running worker takes the decision at once. */
const answerWithinMs = 20_000;

const examples = `
Examples:
  $ onetake resolve cat-42 --adopt task_EABiuT2mSyJ6VSCYkgqLmvVdKQkmPiMm
  $ onetake resolve cat-42 --resubmit`;

/** `onetake resolve`: a person decides what cannot be determined automatically. */
export function configureResolve(command: Command): Run {
  command
    .argument('<id>', 'id of a video in phase unresolved')
    .option('--adopt <job id>', 'the job exists: watch it and store its video')
    .option('--resubmit', 'there is no job: submit again, which may pay a second time')
    .option('--abandon', 'give up; if a job exists, it stays billed')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([given = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const decision = parseDecision(flags);
  return withClient(context, async (client) => {
    const videoId = await fullId(client, given);
    const id = shellWord(videoId);
    const answered = await Promise.race([
      client.resolve(videoId, decision).then(() => true),
      sleep(answerWithinMs, false, { ref: false }),
    ]);
    if (!answered) {
      context.output.badResult(
        () => [
          `No worker has taken the decision yet; start one, then check with: onetake status ${id}`,
        ],
        { outcome: 'pending', videoId, decision },
      );
      return 'pending';
    }
    context.output.result(() => [words[decision.action], `  onetake watch ${id}`], {
      outcome: 'resolved',
      videoId,
      decision,
    });
    return 'ok';
  });
}

const words: Readonly<Record<ResolveSubmission['action'], string>> = {
  adopt: 'Adopted: the job is watched, and its video will be stored.',
  resubmit: 'Submitted again: one more paid request.',
  abandon: 'Abandoned: the video ends as failed; if a job exists, it stays billed.',
};

function parseDecision({ adopt, resubmit, abandon }: Flags): ResolveSubmission {
  const given = [adopt, resubmit, abandon].filter((flag) => flag !== undefined);
  if (given.length !== 1) {
    throw new UsageError('Give exactly one of --adopt <job id>, --resubmit or --abandon');
  }
  if (adopt !== undefined) return { action: 'adopt', jobId: adopt };
  return { action: resubmit ? 'resubmit' : 'abandon' };
}

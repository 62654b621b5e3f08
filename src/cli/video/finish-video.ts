import type { VideoOutcome } from '../../client.ts';
import { storageConfig } from '../../config/storage-config.ts';
import type { RequestWarning } from '../../contract/video-request.ts';
import { createStorage } from '../../storage/create-storage.ts';
import type { CliContext } from '../context.ts';
import { CopyFailed, copyVideo, type CopyTarget } from './copy-video.ts';
import type { Exit } from '../exit-codes.ts';
import { field, outcomeExits, outcomeLines, shellWord, warningWords } from './report-video.ts';

interface Finish {
  context: CliContext;
  videoId: string;
  target?: CopyTarget;
  /** Warnings that were shown before the start. */
  told?: readonly RequestWarning[];
}

/** Reports the outcome of a followed video, or how to follow it again; makes the copy of `-o`. */
export async function finishVideo(
  outcome: VideoOutcome | null,
  { context, videoId, target, told = [] }: Finish,
): Promise<Exit> {
  const { output } = context;
  if (outcome === null) return reportDetached(context, videoId);
  const exit = outcomeExits[outcome.outcome];
  if (outcome.outcome !== 'stored') {
    output.badResult((colors) => outcomeLines(outcome, colors), outcome);
    return exit;
  }
  const shown = withoutTold(outcome, told);
  const copy = target ? await tryCopy(outcome, target, context) : null;
  if (copy instanceof CopyFailed) {
    output.note(`${output.colors.red('error:')} ${copy.message}`);
    output.result((colors) => outcomeLines(shown, colors), {
      ...outcome,
      copyError: copy.message,
    });
    return 'failed';
  }
  output.result(
    (colors) => [
      ...outcomeLines(shown, colors),
      ...(copy === null ? [] : [field('copy', copy, colors)]),
    ],
    { ...outcome, ...(copy !== null && { copy }) },
  );
  return exit;
}

function withoutTold<Outcome extends VideoOutcome & { outcome: 'stored' }>(
  outcome: Outcome,
  told: readonly RequestWarning[],
): Outcome {
  const isNew = (warning: RequestWarning) =>
    !told.some((one) => warningWords(one) === warningWords(warning));
  const { result } = outcome;
  return { ...outcome, result: { ...result, warnings: result.warnings.filter(isNew) } };
}

/** Ctrl-C stops the command, not the video. */
function reportDetached({ output }: CliContext, videoId: string): Exit {
  output.badResult(
    (colors) => [
      'Detached: the video continues.',
      field('follow', `onetake watch ${shellWord(videoId)}`, colors),
      field('cancel', `onetake cancel ${shellWord(videoId)}`, colors),
    ],
    { outcome: 'detached', videoId },
  );
  return 'detached';
}

async function tryCopy(
  { result }: VideoOutcome & { outcome: 'stored' },
  target: CopyTarget,
  { env }: CliContext,
): Promise<string | CopyFailed> {
  try {
    const storage = await createStorage(storageConfig(env));
    return await copyVideo(result.video, { target, storage });
  } catch (error) {
    if (error instanceof CopyFailed) return error;
    throw error;
  }
}

import type { BatchOutcome, VideoClient } from '../../client.ts';
import type { CliContext } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { createBatchView } from './view.ts';
import type { Interrupt } from '../interrupt.ts';
import { batchEndLines } from './report-batch.ts';
import { field } from '../video/report-video.ts';

const intervalMs = 1_000;

/** Shows progress until the batch ends or Ctrl-C, which does not stop the batch. */
export async function followBatch({
  client,
  name,
  context,
  interrupt,
}: {
  client: VideoClient;
  name: string;
  context: CliContext;
  interrupt: Interrupt;
}): Promise<Exit> {
  const view = createBatchView(context.output);
  const { signal } = interrupt;
  const waiting = client.batches.wait(name, {
    onStatus: (status) => view.show(status),
    intervalMs,
    signal,
  });
  const untilDetached = waiting.catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  try {
    const outcome = await Promise.race([untilDetached, interrupt.happened.then(() => null)]);
    view.end();
    return outcome ? finish(outcome, context) : detached(name, context);
  } finally {
    view.end();
  }
}

function finish({ outcome, status }: BatchOutcome, { output }: CliContext): Exit {
  const { rows = 0, counts } = status;
  const isWhole = outcome === 'done' && counts?.stored === rows;
  const report = isWhole ? output.result : output.badResult;
  report((colors) => batchEndLines(status, colors), { outcome, ...status });
  if (outcome === 'cancelled') return 'cancelled';
  return isWhole ? 'ok' : 'failed';
}

function detached(name: string, { output }: CliContext): Exit {
  output.badResult(
    (colors) => [
      'Detached: the batch continues.',
      field('follow', `onetake batch watch ${name}`, colors),
      field('cancel', `onetake batch cancel ${name}`, colors),
    ],
    { outcome: 'detached', name },
  );
  return 'detached';
}

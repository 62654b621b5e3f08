import type { VideoClient, VideoOutcome, VideoSnapshot } from '../../client.ts';
import type { Interrupt } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { createProgressView } from './progress-view.ts';

export interface FollowOptions {
  client: VideoClient;
  videoId: string;
  /** Stop waiting after this; not a failure. */
  timeoutMs?: number;
  output: Output;
  interrupt: Interrupt;
}

/** Shows progress until the outcome. Returns null after Ctrl-C, which does not stop the video. */
export async function followVideo(options: FollowOptions): Promise<VideoOutcome | null> {
  const { client, videoId, timeoutMs, output, interrupt } = options;
  const view = createProgressView(output);
  const waiting = client.wait(videoId, {
    onStatus: (status: VideoSnapshot) => view.show(status),
    signal: interrupt.signal,
    intervalMs: output.isTerminal ? liveIntervalMs : plainIntervalMs,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const untilDetached = waiting.catch((error: unknown) => {
    if (interrupt.signal.aborted) return null;
    throw error;
  });
  try {
    return await Promise.race([untilDetached, interrupt.happened.then(() => null)]);
  } finally {
    view.end();
  }
}

/** A local query takes a few milliseconds, so a terminal is updated often. */
const liveIntervalMs = 500;
const plainIntervalMs = 1_000;

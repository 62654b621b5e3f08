import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createVideoClient, type VideoRequest, type VideoSnapshot } from '../../client.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import type { Cleanup } from '../cleanup.ts';
import type { DemoEvidence } from './demo-checks.ts';
import type { DemoEnvironment } from './demo-environment.ts';
import type { DemoWorker } from './demo-worker.ts';
import type { Output } from '../output.ts';
import { videoPlace } from '../video/report-video.ts';
import { createProgressView, type ProgressView } from '../video/progress-view.ts';

/** The first request of the examples page, unchanged. */
export const demoRequest: VideoRequest = {
  format: 'generations',
  body: {
    model: 'kling-v1',
    prompt: '一个穿着宇航服的宇航员在月球上行走, 高品质, 电影级',
    size: '1920x1080',
    duration: 5,
    metadata: { seed: 20231234, negative_prompt: '模糊, 低质量' },
  },
};

const videoKey = 'demo-astronaut';
const lookEveryMs = 150;

export interface Play {
  environment: DemoEnvironment;
  cleanup: Cleanup;
  output: Output;
  signal: AbortSignal;
  say: (line: string) => void;
  /** Start of the demo, milliseconds since the epoch. */
  startedAt: number;
}

/** Submits the video, kills its worker while the job runs, starts another, and collects the evidence. */
export async function playDemo(
  play: Play,
): Promise<DemoEvidence & { videoId: string; runId: string }> {
  const { environment, cleanup, signal, say } = play;
  const first = environment.startWorker();
  await first.ready;
  say(`Worker 1 started, pid ${first.pid}`);
  const client = await createVideoClient({ connect: { address: environment.server.address } });
  cleanup.add(client.close);
  const { videoId, runId, warnings } = await client.start(demoRequest, { key: videoKey });
  say(`Requested: ${demoRequest.body.model}, 5 s, 1920x1080: ${demoRequest.body.prompt}`);
  for (const { field, message } of warnings) say(`  warning, "${field}": ${message}`);
  const view = createProgressView(play.output, play.startedAt);
  cleanup.add(view.end);
  const killer = createKiller({ first, environment, view });
  const outcome = await client.wait(videoId, {
    signal,
    intervalMs: lookEveryMs,
    onStatus: (status) => {
      view.show(status);
      killer.see(status);
    },
  });
  view.end();
  await killer.done();
  return {
    outcome,
    videoId,
    runId,
    killed: killer.killed(),
    ledger: environment.sandbox.ledger,
    file: outcome.outcome === 'stored' ? await readBack(outcome.result.video) : null,
  };
}

/** Kills the first worker as soon as the job runs at the gateway, and starts the second. */
function createKiller({
  first,
  environment,
  view,
}: {
  first: DemoWorker;
  environment: DemoEnvironment;
  view: ProgressView;
}) {
  let killed: DemoEvidence['killed'] = null;
  let replacing: Promise<void> | undefined;
  const replace = async (during: string) => {
    const signal = await first.kill();
    killed = { signal, during };
    view.say(`Worker 1 killed with ${signal} ${during}; the job continues at the gateway`);
    const second = environment.startWorker();
    await second.ready;
    view.say(`Worker 2 started, pid ${second.pid}; it resumes the video`);
  };
  return {
    see: ({ phase, progressPercent = 0 }: VideoSnapshot) => {
      if (phase !== 'running') return;
      replacing ??= replace(`while the job was running at ${progressPercent} %`);
    },
    killed: () => killed,
    done: async () => replacing,
  };
}

async function readBack(video: StoredVideo): Promise<DemoEvidence['file']> {
  const path = videoPlace(video);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { sha256: hash.digest('hex'), sizeBytes: (await stat(path)).size };
}

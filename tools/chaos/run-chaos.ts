import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import {
  createVideoClient,
  type VideoClient,
  VideoClientError,
  type VideoOutcome,
} from '../../src/client.ts';
import { nextClaimKey } from '../../src/contract/claim-key.ts';
import type { Ledger } from '../../src/sandbox-gateway/call-ledger.ts';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import type { SubmitClaim } from '../../src/storage/claims/claim.ts';
import { speak } from './bystanders.ts';
import { startFleet, type Fleet } from './fleet.ts';
import { plan, type PlannedKill, type PlannedVideo } from './plan.ts';
import type { Actor } from './process-actor.ts';
import { createRandom } from './random.ts';
import { replayAll } from './replay-all.ts';
import { startBatch } from './start-batch.ts';
import { judge, type Ending, type Verdict } from './verdict.ts';

export interface ChaosOptions {
  videos: number;
  seed: number;
  /** Called with one line per kill or other event. */
  onLine: (line: string) => void;
}

export interface ChaosReport extends Verdict {
  /** Kills of running processes. */
  kills: number;
  /** Successful calls of others. */
  words: number;
  /** Histories of all runs, replayed at the end. */
  histories: number;
  seconds: number;
  /** Database, ledger and logs; kept if a rule was violated. */
  folder: string;
}

/** Short, so that a submit whose worker was killed becomes unresolved soon. */
const submitTimeoutMs = 10_000;
/** More videos get a longer time of kills, so that the same share of them is hit. */
const window = { perVideoMs: 600, leastMs: 15_000 };
/** Time after the last kill. A lost download is detected after a minute, a lost poll after 45 s. */
const settleMs = 240_000;
const retryMs = 250;
const batchName = 'storm';

/**
 * Kills workers, Temporal server and gateway at times that the seed determines, while videos are under way. Then waits
 * until all videos have ended, adopts unknown jobs, and checks the gateway's ledger against the rules.
 */
export async function runChaos({ videos, seed, onLine }: ChaosOptions): Promise<ChaosReport> {
  const begun = Date.now();
  const windowMs = Math.max(window.leastMs, videos * window.perVideoMs);
  const planned = plan(createRandom(seed), { videos, windowMs });
  const folder = await mkdtemp(join(tmpdir(), 'onetake-chaos-'));
  const fleet = await startFleet({ folder, workers: planned.workers, onNote: onLine });
  const actors = Object.values(fleet.actors).flat();
  let isClean = false;
  try {
    await startAll(fleet);
    const connection = await Connection.connect({ address: fleet.temporalAddress });
    const client = await createVideoClient({ connection });
    const temporal = new Client({ connection });
    const stormAt = Date.now();
    const storm = { fleet, stormAt, onLine };
    const { rows } = planned;
    const bystanders = { client, temporal, batchName, videos: planned.videos, stormAt };
    const [kills, words, ids, rowIds] = await Promise.all([
      strike(storm, planned.kills),
      speak(bystanders, planned.words),
      Promise.all(planned.videos.map((video) => startVideo(client, video, stormAt))),
      startBatch(client, { name: batchName, rows, storageFolder: fleet.storageFolder }),
    ]);
    onLine(`${seconds(stormAt)} s: no more kills after ${kills}; waiting for ${videos} videos`);
    const all = { videos: [...planned.videos, ...rows], ids: [...ids, ...rowIds] };
    const endings = await settle({ client, fleet, ...all });
    const verdict = judge(endings, await readLedger(fleet));
    const { histories, broken } = await replayAll(temporal);
    const violations = [...verdict.violations, ...broken];
    isClean = violations.length === 0;
    await connection.close();
    return { ...verdict, violations, kills, words, histories, seconds: seconds(begun), folder };
  } finally {
    await Promise.all(actors.map((actor) => actor.stop()));
    if (isClean) await rm(folder, { recursive: true, force: true });
  }
}

async function startAll({ actors }: Fleet): Promise<void> {
  await Promise.all([...actors.server, ...actors.gateway].map((actor) => actor.start()));
  await Promise.all(actors.worker.map((worker) => worker.start()));
}

interface Storm {
  fleet: Fleet;
  stormAt: number;
  onLine: (line: string) => void;
}

/** Does not wait for the restart, so the next kill may hit a starting process. */
async function strike(storm: Storm, kills: readonly PlannedKill[]): Promise<number> {
  const { fleet, stormAt, onLine } = storm;
  const restarts: Promise<void>[] = [];
  let hits = 0;
  for (const { afterMs, target, nth, downMs } of kills) {
    await delay(Math.max(0, stormAt + afterMs - Date.now()));
    const actor = fleet.actors[target][nth];
    if (!actor) continue;
    const hit = await actor.kill();
    if (hit) hits += 1;
    const result = hit ? `away for ${downMs} ms` : 'was down already';
    onLine(`${seconds(stormAt)} s: kill -9 of ${actor.name}, ${result}`);
    if (hit) restarts.push(restart(actor, downMs));
  }
  await Promise.all(restarts);
  await startAll(fleet);
  return hits;
}

async function restart(actor: Actor, downMs: number): Promise<void> {
  await delay(downMs);
  await actor.start();
}

/** Retries until it succeeds, like a caller. */
async function startVideo(
  client: VideoClient,
  { key, request, startAfterMs }: PlannedVideo,
  stormAt: number,
): Promise<string> {
  await delay(Math.max(0, stormAt + startAfterMs - Date.now()));
  const start = () => client.start(request, { key, submitTimeoutMs });
  return (await persist(start, Date.now() + settleMs)).videoId;
}

interface Settling {
  client: VideoClient;
  fleet: Fleet;
  until: number;
}

/** Decides unresolved submits at once, because they hold a slot, and again at the end for late jobs. */
async function settle(run: {
  client: VideoClient;
  fleet: Fleet;
  videos: readonly PlannedVideo[];
  ids: readonly string[];
}): Promise<Ending[]> {
  const settling = { client: run.client, fleet: run.fleet, until: Date.now() + settleMs };
  const first = await Promise.all(
    run.videos.map(async (video, index) => {
      const outcome = await outcomeOf(run.client, run.ids[index] ?? '', settling.until);
      return adoptIfPaid(settling, { video, outcome, adopted: false });
    }),
  );
  return Promise.all(first.map(async (ending) => withFile(await adoptIfPaid(settling, ending))));
}

type Unchecked = Omit<Ending, 'isFileWhole'>;

async function adoptIfPaid(
  { client, fleet, until }: Settling,
  ending: Unchecked,
): Promise<Unchecked> {
  const { video, outcome } = ending;
  if (outcome.outcome !== 'pending' || outcome.reason !== 'unresolved') return ending;
  const { videoId, status } = outcome;
  const reason = status.unresolved?.failure.message ?? 'it does not say why';
  const doubt = { reason, claim: await claimState(fleet, videoId) };
  const { paidJobs } = await persist(() => readLedger(fleet), until);
  const paid = paidJobs.find(({ prompt }) => prompt === video.request.body.prompt);
  if (!paid) return { ...ending, doubt };
  const adopted = await adoptUnlessDecided(client, videoId, paid.jobId);
  return { video, outcome: await outcomeOf(client, videoId, until), adopted, doubt };
}

/** False if the gateway's records have decided meanwhile. */
async function adoptUnlessDecided(
  client: VideoClient,
  videoId: string,
  jobId: string,
): Promise<boolean> {
  try {
    await client.resolve(videoId, { action: 'adopt', jobId });
    return true;
  } catch (error) {
    if (error instanceof VideoClientError && error.kind === 'wrong_phase') return false;
    throw error;
  }
}

/** `none` proves that nothing was sent. A closed key sent nothing either, as the claim of its successor shows. */
async function claimState({ storageFolder }: Fleet, videoId: string): Promise<string> {
  for (let claimKey = videoId; ; claimKey = nextClaimKey(claimKey)) {
    const path = join(storageFolder, claimObjectKey(claimKey));
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return 'none';
    const { outcome } = JSON.parse(text) as Partial<SubmitClaim>;
    if (outcome) return outcome.state;
  }
}

async function withFile(ending: Unchecked): Promise<Ending> {
  if (ending.outcome.outcome !== 'stored') return { ...ending, isFileWhole: false };
  const { uri, sizeBytes } = ending.outcome.result.video;
  const file = await stat(fileURLToPath(uri)).catch(() => null);
  return { ...ending, isFileWhole: file?.size === sizeBytes };
}

function outcomeOf(client: VideoClient, videoId: string, until: number): Promise<VideoOutcome> {
  const wait = () => client.wait(videoId, { timeoutMs: Math.max(1, until - Date.now()) });
  return persist(wait, until);
}

async function persist<T>(attempt: () => Promise<T>, until: number): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(retryMs);
    }
  }
}

async function readLedger({ gatewayUrl }: Fleet): Promise<Ledger> {
  const answer = await fetch(`${gatewayUrl}/sandbox/ledger`);
  return (await answer.json()) as Ledger;
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 100) / 10;
}

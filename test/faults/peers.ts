import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { playing } from '../e2e/requests.ts';
import { createHarness } from '../e2e/harness.ts';
import {
  askedWaitMs,
  misbehaviours,
  startMisbehaving,
  type MisbehavingGateway,
  type Misbehaviour,
} from './misbehaving-gateway.ts';

const folder = fileURLToPath(new URL('../../bench/peers/', import.meta.url));
const packages = {
  openai: 'openai',
  runway: '@runwayml/sdk',
  replicate: 'replicate',
  fal: '@fal-ai/client',
} as const;
const sdks = Object.keys(packages) as (keyof typeof packages)[];
/** Every SDK has a shorter timeout of its own. */
const peerLimitMs = 60_000;
const installLimitMs = 300_000;
/** Longer than our own bounded back-off with a Retry-After of 2 s. */
const ownLimitMs = 120_000;

interface Count {
  posts: number;
  /** Least time between two POSTs, milliseconds; absent with one. */
  leastWaitMs?: number;
  /** From the first POST to the last. */
  spanMs: number;
  end: string;
  idempotencyHeaders: string[];
}

/** The faults and the result of each client, as a Markdown table, and the deviations of onetake, if any. */
export async function comparePeers(
  address: string,
  say: (line: string) => void,
): Promise<{ table: string; wrong: string[] }> {
  await install();
  const rows: string[] = [];
  const wrong: string[] = [];
  for (const [what, title] of misbehaviours) {
    const peers: Count[] = [];
    for (const sdk of sdks) {
      const count = await countOf(what, ({ url }) => runPeer(sdk, url));
      say(`${sdk}, ${what}: ${JSON.stringify(count)}`);
      peers.push(count);
    }
    const own = await countOf(what, ({ url }) => runOnetake(address, url));
    say(`onetake, ${what}: ${JSON.stringify(own)}`);
    wrong.push(...mistakes(what, own));
    const cells = [...peers.map((count) => cell(what, count)), ownCell(what, own)];
    rows.push(`| ${[title, ...cells].join(' | ')} |`);
  }
  return { table: [await heading(), ...rows].join('\n'), wrong };
}

async function heading(): Promise<string> {
  const manifest = JSON.parse(await readFile(`${folder}package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const names = Object.values(packages).map((name) => `${name} ${manifest.dependencies[name]}`);
  const columns = ['the gateway, after reading the POST', ...names, '**onetake**'];
  return `| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}`;
}

function cell(what: Misbehaviour, { posts, spanMs, leastWaitMs }: Count): string {
  if (posts === 1) return '1';
  const span = spanMs < 1_000 ? `${Math.round(spanMs)} ms` : `${(spanMs / 1_000).toFixed(1)} s`;
  if (what !== '429') return `${posts} in ${span}`;
  return `${posts} in ${span}, ${waits(leastWaitMs) ? 'waits' : 'ignores it'}`;
}

function ownCell(what: Misbehaviour, count: Count): string {
  const { posts, leastWaitMs = 0, end } = count;
  if (what !== '429') return `**${posts}**, then ${end}`;
  return `${posts}, ${(leastWaitMs / 1_000).toFixed(1)} s apart or more, then ${end}`;
}

/** One POST if a job may exist; after a 429 no POST before the required delay. */
function mistakes(what: Misbehaviour, { posts, leastWaitMs, end }: Count): string[] {
  if (what === '429') {
    return waits(leastWaitMs) && end.includes('billed: no') ? [] : [`429: ${posts} POSTs, ${end}`];
  }
  return posts === 1 && end === '`unresolved`' ? [] : [`${what}: ${posts} POSTs, then ${end}`];
}

function waits(leastWaitMs = 0): boolean {
  return leastWaitMs >= askedWaitMs - 5;
}

async function countOf(
  what: Misbehaviour,
  run: (gateway: MisbehavingGateway) => Promise<string>,
): Promise<Count> {
  await using gateway = await startMisbehaving(what);
  const end = await run(gateway);
  const { postedAt, idempotencyHeaders } = gateway;
  const gaps = postedAt.slice(1).map((at, nth) => at - (postedAt[nth] ?? 0));
  return {
    posts: postedAt.length,
    ...(gaps.length > 0 && { leastWaitMs: Math.min(...gaps) }),
    spanMs: (postedAt.at(-1) ?? 0) - (postedAt[0] ?? 0),
    end,
    idempotencyHeaders: [...idempotencyHeaders],
  };
}

/** In its own process, as for a user. */
function runPeer(sdk: string, url: string): Promise<string> {
  return runNode(['create.mjs', sdk, url], peerLimitMs);
}

async function runOnetake(address: string, url: string): Promise<string> {
  await using harness = await createHarness({ address });
  await harness.startWorker({ GATEWAY_BASE_URL: url });
  const { videoId } = await harness.client.start(playing('submit-queued'));
  const outcome = await harness.client.wait(videoId, { timeoutMs: ownLimitMs });
  switch (outcome.outcome) {
    case 'pending':
      return `\`${outcome.reason}\``;
    case 'failed':
      return `\`${outcome.failure.kind}\`, billed: ${outcome.failure.billed}`;
    default:
      return outcome.outcome;
  }
}

async function install(): Promise<void> {
  if (existsSync(`${folder}node_modules/.package-lock.json`)) return;
  await run('npm', ['ci', '--no-audit', '--no-fund'], installLimitMs);
}

function runNode(args: string[], limitMs: number): Promise<string> {
  return run(process.execPath, args, limitMs);
}

async function run(command: string, args: string[], limitMs: number): Promise<string> {
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    signal: AbortSignal.timeout(limitMs),
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return said.trim();
  throw new Error(`"${command} ${args.join(' ')}" ended with ${code}: ${said.slice(-500)}`);
}

import type { VideoOutcome } from '../../src/client.ts';
import type { Ledger } from '../../src/sandbox-gateway/call-ledger.ts';
import type { PlannedVideo } from './plan.ts';

/** Outcome of one video. */
export interface Ending {
  video: PlannedVideo;
  outcome: VideoOutcome;
  /** Whether a person had to name the job. */
  adopted: boolean;
  /** Why its submit was unresolved, and the state of its claim. */
  doubt?: { reason: string; claim: string };
  /** Whether the storage has its file in the length of the result. */
  isFileWhole: boolean;
}

export interface Verdict {
  /** Empty if no rule is violated. */
  violations: string[];
  /** Reasons for decisions of a person, one line each. */
  lost: string[];
  counts: Record<
    | 'videos'
    | 'stored'
    | 'adopted'
    | 'unresolved'
    | 'refused'
    | 'paid jobs'
    | 'POSTs'
    | 'POSTs that made no job for sure'
    | 'doubts with nothing sent'
    | 'claims without a POST',
    number
  >;
}

/** Checks a run against the payment rules, by the gateway's ledger. */
export function judge(endings: readonly Ending[], ledger: Ledger): Verdict {
  const found = endings.map((ending) => accountOf(ending, ledger));
  const is = (kind: string) => found.filter((account) => account.kind === kind).length;
  const sum = (of: (account: Account) => number) => found.reduce((all, each) => all + of(each), 0);
  return {
    violations: [
      ...found.flatMap(violationsOf),
      ...found.filter(isEmptyDoubt).map((account) => `nothing was sent: ${lostLine(account)}`),
      ...strangers(endings, ledger),
    ],
    lost: found.filter(({ ending }) => ending.doubt !== undefined).map(lostLine),
    counts: {
      videos: endings.length,
      stored: is('stored'),
      adopted: is('adopted'),
      unresolved: is('unresolved'),
      refused: is('refused'),
      'paid jobs': ledger.paidJobs.length,
      POSTs: ledger.posts.length,
      'POSTs that made no job for sure': sum((account) => account.posts - account.risky),
      'doubts with nothing sent': found.filter(isEmptyDoubt).length,
      'claims without a POST': found.filter(isClaimAlone).length,
    },
  };
}

/** No claim, so no POST: the decision was unnecessary. */
function isEmptyDoubt({ ending, posts }: Account): boolean {
  return ending.doubt !== undefined && ending.doubt.claim === 'none' && posts === 0;
}

/**
 * Its worker made the claim and died before the POST, which only the gateway can tell. This is not a violation, but a
 * growing number means that the claim is made too early.
 */
function isClaimAlone({ ending, posts }: Account): boolean {
  return ending.doubt !== undefined && ending.doubt.claim === 'sent' && posts === 0;
}

interface Account {
  ending: Ending;
  kind: 'stored' | 'adopted' | 'unresolved' | 'refused' | 'other';
  posts: number;
  /** POSTs that created, or may have created, a job. */
  risky: number;
  paidJobIds: string[];
}

function accountOf(ending: Ending, ledger: Ledger): Account {
  const { prompt } = ending.video.request.body;
  const posts = ledger.posts.filter(({ body }) => body?.['prompt'] === prompt).length;
  return {
    ending,
    kind: kindOf(ending),
    posts,
    risky: Math.max(0, posts - ending.video.harmlessPosts),
    paidJobIds: ledger.paidJobs.filter((job) => job.prompt === prompt).map(({ jobId }) => jobId),
  };
}

function kindOf({ outcome, adopted }: Ending): Account['kind'] {
  if (outcome.outcome === 'stored') return adopted ? 'adopted' : 'stored';
  if (outcome.outcome === 'failed' && outcome.failure.billed === 'no') return 'refused';
  const unresolved = outcome.outcome === 'pending' && outcome.reason === 'unresolved';
  return unresolved ? 'unresolved' : 'other';
}

function violationsOf({ ending, kind, risky, paidJobIds }: Account): string[] {
  const { outcome } = ending;
  const paid = paidJobIds.length;
  const delivered = outcome.outcome === 'stored' ? outcome.result.jobId : null;
  const laws: [broken: boolean, law: string][] = [
    [paid > 1, `${paid} jobs were paid for it`],
    [risky > 1, `${risky} of its POSTs may have made a job`],
    [kind === 'other', 'it ended neither stored, nor unresolved, nor failed with billed: no'],
    [paid > 0 && kind === 'refused', 'it says billed: no, and a job was paid'],
    [paid > 0 && kind === 'unresolved', 'its paid job could not be adopted'],
    [delivered !== null && !paidJobIds.includes(delivered), 'it delivered a job of another video'],
    [delivered !== null && !ending.isFileWhole, 'its file is missing or cut'],
    [delivered !== null && risky === 0, 'it was stored without any POST'],
  ];
  const told = `${ending.video.key} (${ending.video.scenario || 'plain'}, ${shown(outcome)})`;
  return laws.filter(([broken]) => broken).map(([, law]) => `${told}: ${law}`);
}

function lostLine({ ending, kind, posts, paidJobIds }: Account): string {
  const { video, doubt } = ending;
  const seen = `${posts} POST, ${paidJobIds.length} paid job, claim ${doubt?.claim}`;
  return `${kind}: ${video.key} (${video.scenario || 'plain'}; ${seen}): ${doubt?.reason}`;
}

function shown(outcome: VideoOutcome): string {
  switch (outcome.outcome) {
    case 'failed':
      return `failed: ${outcome.failure.kind}, billed ${outcome.failure.billed}`;
    case 'pending':
      return `pending: ${outcome.reason}, phase ${outcome.status.phase}`;
    default:
      return outcome.outcome;
  }
}

/** A POST or job of an unknown video. A POST that was cut before its body has no prompt. */
function strangers(endings: readonly Ending[], ledger: Ledger): string[] {
  const prompts = new Set<unknown>(endings.map(({ video }) => video.request.body.prompt));
  const posts = ledger.posts.filter(({ body }) => body !== null && !prompts.has(body['prompt']));
  const jobs = ledger.paidJobs.filter(({ prompt }) => !prompts.has(prompt));
  return [...posts.map(() => 'a POST of no video'), ...jobs.map(() => 'a paid job of no video')];
}

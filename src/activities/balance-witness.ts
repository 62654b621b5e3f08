import type { ReconcileSubmitInput } from '../contract/activities.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { GatewayError } from '../gateway/gateway-error.ts';
import type { OtherVideos } from './other-videos.ts';
import type { SubmitClaim } from '../storage/submit-claims.ts';

/** The gateway takes the price before it calls the vendor, and gives it back on a failed create: by then both are done. */
const settleMs = 60_000;
const timeoutMs = 15_000;

export interface Witness {
  notBilled?: true;
  findings: string[];
}

/**
 * What the balance of the key says of an unknown submit. A refund of another job could hide our charge, so only an unchanged balance, with no other video under way,
 * proves anything: nothing was billed. Every other reading informs the person and decides nothing.
 */
export async function readWitness(
  options: { gateway: Gateway; witness: boolean; others: OtherVideos; now?: () => number },
  {
    input,
    claim,
    signal,
  }: { input: ReconcileSubmitInput; claim: SubmitClaim | null; signal: AbortSignal },
): Promise<Witness> {
  const { gateway, witness, others, now = Date.now } = options;
  if (!witness) return { findings: [] };
  const before = claim?.balanceBefore;
  if (!claim || before === undefined) return says('The balance before the submit is not known');
  if (now() - input.toMs < settleMs) return says('It is too early to read the balance');
  try {
    const since = { sinceMs: claim.claimedAt, exceptVideoId: input.videoId };
    const underWay = await others.underWaySince(since);
    const { available } = await gateway.readBalance({ timeoutMs, signal });
    if (available === null) return says('The key has no limit: its balance says nothing');
    const change = `The balance went from ${before} to ${available}`;
    if (underWay > 0)
      return says(`${change}; ${underWay} other videos were under way, so it proves nothing`);
    if (available === before)
      return { notBilled: true, findings: [`${change}: nothing was billed`] };
    if (available < before) return says(`${change}: this submit was probably billed`);
    return says(`${change}: something was given back, so it proves nothing`);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return says(`The balance could not be read: ${error.message}`);
  }
}

/** Just before the POST; without an answer there is no witness, and the submit goes on. */
export async function balanceBefore(
  gateway: Gateway,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return (await gateway.readBalance({ timeoutMs, signal })).available ?? undefined;
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function says(finding: string): Witness {
  return { findings: [finding] };
}

import type { AdmissionLimits, CapsChange, LimitsChange } from '../../contract/admission.ts';
import type { SpendCaps } from '../../contract/messages.ts';

const units = ['videos', 'seconds', 'money'] as const;
const capScopes = ['perDay', 'perBatch', 'perRun'] as const;
/** Most tags that may have caps of their own, to keep the state small. */
const maxCappedTags = 200;

/**
 * Upper bound for concurrent jobs, whatever is configured: holders of slots are part of the state, which must stay
 * small.
 */
export const mostJobs = 1_000;

/** The limit that a person has set, else the setting of the workers. */
export function jobsOf({ limits, maxJobs }: { limits: AdmissionLimits; maxJobs: number }): number {
  return Math.min(limits.jobs ?? maxJobs, mostJobs);
}

/** Applies a change to the limits: fields that are not named stay, null removes a limit. */
export function changedLimits(limits: AdmissionLimits, change: LimitsChange): AdmissionLimits {
  const { jobs, ...rest } = limits;
  const nextJobs = change.jobs === undefined ? jobs : (change.jobs ?? undefined);
  const next: AdmissionLimits = { ...rest, ...(nextJobs !== undefined && { jobs: nextJobs }) };
  for (const scope of capScopes) {
    const caps = changedCaps(next[scope], change[scope]);
    if (caps) next[scope] = caps;
    else delete next[scope];
  }
  const tags = new Map(Object.entries(next.perTag ?? {}));
  for (const [tag, tagChange] of Object.entries(change.perTag ?? {})) {
    const caps = changedCaps(tags.get(tag), tagChange);
    if (caps) tags.set(tag, caps);
    else tags.delete(tag);
  }
  if (tags.size > 0) next.perTag = Object.fromEntries(tags);
  else delete next.perTag;
  return next;
}

function changedCaps(
  caps: SpendCaps | undefined,
  change: CapsChange | undefined,
): SpendCaps | undefined {
  const next: SpendCaps = { ...caps };
  for (const unit of units) {
    const cap = change?.[unit];
    if (cap === null) delete next[unit];
    else if (cap !== undefined) next[unit] = cap;
  }
  return Object.keys(next).length > 0 ? next : undefined;
}

/** Validator of update `setLimits`. @throws {Error} names the field and the expected value */
export function checkLimitsChange(limits: AdmissionLimits, change: LimitsChange): void {
  const { jobs, perTag, ...rest } = asObject('The change', change);
  const isJobs =
    jobs === undefined ||
    jobs === null ||
    (Number.isInteger(jobs) && Number(jobs) >= 0 && Number(jobs) <= mostJobs);
  if (!isJobs) throw wrong('jobs', jobs, `a whole number from 0 to ${mostJobs}`);
  for (const [scope, caps] of Object.entries(rest)) {
    if (!capScopes.some((name) => name === scope)) throw new Error(`There is no limit "${scope}"`);
    checkCaps(scope, caps);
  }
  const tags = perTag === undefined ? {} : asObject('perTag', perTag);
  for (const [tag, caps] of Object.entries(tags)) checkCaps(`perTag.${tag}`, caps);
  if (Object.keys({ ...limits.perTag, ...tags }).length > maxCappedTags) {
    throw new Error(`At most ${maxCappedTags} tags may have caps`);
  }
}

function checkCaps(scope: string, given: unknown): void {
  if (given === undefined) return;
  for (const [unit, cap] of Object.entries(asObject(scope, given))) {
    if (!units.some((name) => name === unit)) throw new Error(`There is no cap "${scope}.${unit}"`);
    const isCap = cap === null || (typeof cap === 'number' && Number.isFinite(cap) && cap >= 0);
    if (!isCap) throw wrong(`${scope}.${unit}`, cap, 'a number from 0');
  }
}

function asObject(name: string, given: unknown): Record<string, unknown> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return given as Record<string, unknown>;
  }
  throw wrong(name, given, 'an object');
}

function wrong(field: string, value: unknown, expected: string): Error {
  return new Error(
    `Cannot set the limits: "${field}" must be ${expected}, not ${JSON.stringify(value)}`,
  );
}

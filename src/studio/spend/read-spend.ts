import {
  ledgerTotal,
  totalsBy,
  withRuns,
  type LedgerEntry,
  type LedgerTotal,
} from '../../contract/ledger.ts';
import { readLedger } from '../../storage/records/read-ledger.ts';
import { createSharedRead } from '../page/shared-read.ts';
import type { StudioPorts } from '../ports.ts';

/** Periods that are shown, in days (UTC). */
export const periods = [7, 30, 90] as const;
/** One of {@link periods}. */
export type Period = (typeof periods)[number];

/** What was paid in a period. */
export interface Spend {
  /** When it was read, milliseconds since the epoch. */
  readAt: number;
  entries: readonly LedgerEntry[];
  all: LedgerTotal;
  /** All days of the period, also those without a job. */
  days: LedgerTotal[];
  models: LedgerTotal[];
  tags: LedgerTotal[];
  tenants: LedgerTotal[];
  /** Why the states of runs are missing; null if they are there. */
  problem: string | null;
}

/** Reads what was paid. */
export type ReadSpend = (period: Period) => Promise<Spend>;

const keptMs = 60_000;
const dayMs = 86_400_000;

/**
 * Reads the claims and videos of a period, as `onetake ledger` does, and the states of runs. That takes long for many
 * videos, so all viewers share a read for a minute.
 */
export function createSpendReader(
  ports: Pick<StudioPorts, 'storage' | 'videos' | 'now'>,
): ReadSpend {
  const read = (period: Period) => readPeriod(ports, period);
  return createSharedRead({ keptMs, now: ports.now, read, isCostly: true });
}

async function readPeriod(
  { storage, videos, now }: Pick<StudioPorts, 'storage' | 'videos' | 'now'>,
  period: Period,
): Promise<Spend> {
  const toMs = now();
  const firstDay = Math.floor(toMs / dayMs) - period + 1;
  const stored = await readLedger(storage, { fromMs: firstDay * dayMs, toMs });
  let entries: readonly LedgerEntry[] = stored;
  let problem: string | null = null;
  try {
    entries = await withRuns(stored, (videoIds) => videos.ledger.runs(videoIds));
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const days = new Map(totalsBy(entries, 'day').map((total) => [total.name, total]));
  return {
    readAt: toMs,
    entries,
    all: ledgerTotal('all', entries),
    days: Array.from({ length: period }, (_, index) => {
      const day = new Date((firstDay + index) * dayMs).toISOString().slice(0, 10);
      return days.get(day) ?? ledgerTotal(day, []);
    }),
    models: totalsBy(entries, 'model'),
    ...byTags(entries),
    problem,
  };
}

const tenantTag = 'tenant:';

/** The tag of a tenant is its owner, not a label that people chose. */
function byTags(entries: readonly LedgerEntry[]): Pick<Spend, 'tags' | 'tenants'> {
  const tags: LedgerEntry[] = [];
  const tenants: LedgerEntry[] = [];
  for (const entry of entries) {
    const tenant = tenantOf(entry);
    const others = entry.tags.filter((tag) => !tag.startsWith(tenantTag));
    if (others.length > 0) tags.push({ ...entry, tags: others });
    if (tenant !== null) tenants.push({ ...entry, tags: [tenant] });
  }
  return { tags: totalsBy(tags, 'tag'), tenants: totalsBy(tenants, 'tag') };
}

function tenantOf({ tags, videoId }: LedgerEntry): string | null {
  const tag = tags.find((each) => each.startsWith(tenantTag));
  return tag?.slice(tenantTag.length) ?? /^video\/@([^/]+)\//.exec(videoId)?.[1] ?? null;
}

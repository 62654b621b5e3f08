import { Cron } from 'croner';

/** Firings of a cron expression within a year from now that a reader may not expect. */
export interface CronOutlook {
  /** Local times such as `2027-03-28T02:00` that the server skips, because clocks are set forward over them. */
  missed: string[];
  /** If the expression names one hour: the same expression at the nearest hour that exists all year. */
  safeCron?: string;
}

const dayMs = 86_400_000;
const yearMs = 366 * dayMs;
/** An expression that fires every second would list thousands. */
const maxMissed = 24;

/**
 * Predicts the firings of a cron expression by the rules of the Temporal server: both day of month and day of week must
 * match, a local time that does not exist is skipped, and a local time that occurs twice fires once (observed on server
 * 1.32).
 *
 * @returns null if the expression cannot be parsed here; the server may still accept it.
 * @throws {RangeError} The expression never fires, or the server would parse it as another one.
 */
export function foreseeCron({
  cron: given,
  timeZone: zone = 'UTC',
  nowMs,
}: {
  cron: string;
  timeZone?: string;
  nowMs: number;
}): CronOutlook | null {
  const [, timeZone = zone, cron = ''] =
    /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.*?)(?:\s+#.*)?$/.exec(given.trim()) ?? [];
  if (cron.includes('#')) {
    throw new RangeError(
      `"${cron}" cannot be used: the server parses everything after "#" as a comment, so it would fire on other days`,
    );
  }
  const local = wallClock(cron);
  if (!local) return null;
  if (!local.nextRun(new Date(nowMs))) throw new RangeError(`"${cron}" never fires`);
  const skips = skippedSpans({ timeZone, nowMs });
  const missed = missedIn(local, skips);
  const safeCron = missed.length === 0 ? undefined : safeHour(cron, skips);
  return { missed: missed.map(localText), ...(safeCron !== undefined && { safeCron }) };
}

/** A time zone in the spelling that the server accepts. An unknown name is returned unchanged. */
export function spelledTimeZone(name: string): string {
  const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC'];
  return zones.find((zone) => zone.toLowerCase() === name.toLowerCase()) ?? name;
}

/** The expression without a time zone; its dates are wall-clock times, represented as UTC. */
function wallClock(cron: string): Cron | null {
  const fields = cron.trim().split(/\s+/);
  const pattern = fields.length === 6 ? `0 ${fields.join(' ')}` : fields.join(' ');
  const mode = fields.length === 6 || fields.length === 7 ? '7-part' : '5-part';
  try {
    return new Cron(pattern, {
      timezone: 'UTC',
      domAndDow: true,
      ...(!cron.startsWith('@') && { mode }),
    });
  } catch {
    return null;
  }
}

/**
 * Skipped wall-clock times, represented as UTC: `fromMs` is the first that does not exist, `toMs` the first that does.
 */
interface Span {
  fromMs: number;
  toMs: number;
}

function skippedSpans({ timeZone, nowMs }: { timeZone: string; nowMs: number }): Span[] {
  const offsetAt = offsetsOf(timeZone);
  if (!offsetAt) return [];
  const spans: Span[] = [];
  for (let atMs = nowMs; atMs < nowMs + yearMs; atMs += dayMs) {
    const before = offsetAt(atMs);
    const after = offsetAt(atMs + dayMs);
    if (after <= before) continue;
    const changeMs = firstWhere((ms) => offsetAt(ms) === after, {
      fromMs: atMs,
      toMs: atMs + dayMs,
    });
    spans.push({ fromMs: changeMs + before, toMs: changeMs + after });
  }
  return spans;
}

/** The UTC offset of a time zone in milliseconds; null if the zone is unknown. */
function offsetsOf(timeZone: string): ((atMs: number) => number) | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
  return (atMs) => {
    const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value;
    const [, sign, hours, minutes, seconds] =
      /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name ?? '') ?? [];
    const ms =
      (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1_000;
    return sign === '-' ? -ms : ms;
  };
}

/** Binary search for the first whole second of a span for which `isTrue` holds. */
function firstWhere(isTrue: (ms: number) => boolean, { fromMs, toMs }: Span): number {
  let low = Math.floor(fromMs / 1_000);
  let high = Math.ceil(toMs / 1_000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isTrue(middle * 1_000)) high = middle;
    else low = middle;
  }
  return high * 1_000;
}

function missedIn(local: Cron, spans: readonly Span[]): Date[] {
  const missed: Date[] = [];
  for (const { fromMs, toMs } of spans) {
    let next = local.nextRun(new Date(fromMs - 1_000));
    while (next && next.getTime() < toMs && missed.length < maxMissed) {
      missed.push(next);
      next = local.nextRun(next);
    }
  }
  return missed;
}

/** Prefers later hours, because a job that needs the data of a day must not run before that data exists. */
function safeHour(cron: string, spans: readonly Span[]): string | undefined {
  const fields = cron.trim().split(/\s+/);
  const place = fields.length === 7 ? 2 : 1;
  const hour = fields[place] ?? '';
  if (!/^\d{1,2}$/.test(hour)) return undefined;
  const near = [1, 2, 3, -1, -2, -3].map((step) => Number(hour) + step);
  return near
    .filter((candidate) => candidate >= 0 && candidate < 24)
    .map((candidate) => fields.with(place, String(candidate)).join(' '))
    .find((candidate) => {
      const local = wallClock(candidate);
      return local !== null && missedIn(local, spans).length === 0;
    });
}

function localText(time: Date): string {
  return time.toISOString().slice(0, 16);
}

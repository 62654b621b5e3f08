import type { LengthRules, TaskLimits } from './catalog-types.ts';
import {
  change,
  drop,
  entriesOf,
  oneOf,
  refuse,
  shown,
  type Entry,
  type Note,
  type Reading,
} from './reading.ts';

/** Length in seconds. `auto`: the vendor chooses. `null`: unknown. */
export type Seconds = number | 'auto' | null;

export interface LengthFound {
  seconds: Seconds;
  /** Maximum of charged seconds, if known. */
  charged?: number;
  notes: Note[];
}

/** Common field names for a length. */
export const lengthFields = [
  'duration',
  'seconds',
  'metadata.duration',
  'metadata.seconds',
  'metadata.durationSeconds',
  'metadata.duration_seconds',
  'metadata.parameters.duration',
];

/** Reads the length that is made and charged, with notes on other lengths in the request. */
export function readLength(reading: Reading, limits?: TaskLimits): LengthFound {
  const rules = withLimits(reading.model.length, limits);
  const entries = entriesOf(reading, rules.from);
  if (limits?.refuses?.includes('length')) return notTaken(entries, limits);
  const named = entries.filter(({ value }) => !(rules.zeroIsAbsent && isZero(value)));
  const [first, ...others] = named;
  if (!first) return absent(reading, { rules, zeros: entries });
  const seconds = lengthIn(first.value, rules);
  if (!isAllowed(seconds, rules)) {
    return {
      seconds: null,
      notes: [refuse(first.field, `Must be ${allowedWords(rules)}, not ${shown(first.value)}`)],
    };
  }
  const notes = [...otherLengths(others, { first, seconds, rules }), ...notSent(reading, rules)];
  if (seconds === rules.auto?.value) return { seconds: 'auto', charged: rules.auto.charged, notes };
  return { seconds, charged: seconds, notes };
}

function withLimits(rules: LengthRules, limits?: TaskLimits): LengthRules {
  return limits?.lengths ? { ...rules, values: limits.lengths } : rules;
}

function notTaken(entries: readonly Entry[], { charged }: TaskLimits): LengthFound {
  const notes = entries.map(({ field }) => refuse(field, 'An extension takes no length'));
  return { seconds: null, ...(charged !== undefined && { charged }), notes };
}

function absent(
  reading: Reading,
  { rules, zeros }: { rules: LengthRules; zeros: readonly Entry[] },
): LengthFound {
  const { default: made, auto, defaultCharged, quietDefault } = rules;
  const notes = notSent(reading, rules);
  const charged =
    typeof made === 'number' ? made : made === 'auto' ? auto?.charged : defaultCharged;
  const [zero] = zeros;
  if (zero) notes.push(change(zero.field, `Zero counts as absent: ${madeWords(made)}`, 'seconds'));
  else if (!quietDefault && entriesOf(reading, lengthFields).length === 0) {
    notes.push(change('duration', `No length is given: ${madeWords(made)}`, 'seconds'));
  }
  return { seconds: made, ...(charged !== undefined && { charged }), notes };
}

/** Notes on lengths that affect the price only and are not sent to the vendor. */
function notSent(reading: Reading, rules: LengthRules): Note[] {
  return entriesOf(reading, rules.notSent ?? []).map(({ field, value }) => {
    const seconds = lengthIn(value, rules);
    return Number.isNaN(seconds) || seconds < 1
      ? refuse(field, `Must be ${allowedWords(rules)}, not ${shown(value)}`)
      : { ...drop(field, 'Counts for the price and is not sent'), about: 'seconds' };
  });
}

function otherLengths(
  others: readonly Entry[],
  { first, seconds, rules }: { first: Entry; seconds: number; rules: LengthRules },
): Note[] {
  return others
    .filter(({ value }) => lengthIn(value, rules) !== seconds)
    .map(({ field }) =>
      rules.agree
        ? refuse(field, `Says another length than "${first.field}"; send one`)
        : change(field, `"${first.field}" takes precedence: ${madeWords(seconds)}`, 'seconds'),
    );
}

function lengthIn(value: unknown, { text, loose }: LengthRules): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return loose ? Number(value) : Number.NaN;
  if (value.trim() === '') return Number.NaN;
  return text === 'digits' && !/^-?\d+$/.test(value) ? Number.NaN : Number(value);
}

function isAllowed(seconds: number, { values, min, max, auto }: LengthRules): boolean {
  if (seconds === auto?.value || values?.includes(seconds)) return true;
  if (values || !Number.isSafeInteger(seconds)) return false;
  return seconds >= (min ?? 1) && seconds <= (max ?? Number.MAX_SAFE_INTEGER);
}

function isZero(value: unknown): boolean {
  return value === 0 || value === '0';
}

function allowedWords({ values, min, max, auto }: LengthRules): string {
  const vendor = auto ? `, or ${auto.value} for a length of the vendor's choice` : '';
  if (values) return `${oneOf(values)} seconds${vendor}`;
  return `whole seconds from ${min ?? 1} to ${max ?? 'any number'}${vendor}`;
}

export function madeWords(seconds: Seconds): string {
  if (typeof seconds === 'number')
    return seconds < 0 ? 'the vendor chooses' : `${seconds} s are made`;
  return 'the vendor chooses';
}

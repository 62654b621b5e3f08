import type { ResolutionRules, TaskLimits } from './catalog-types.ts';
import type { SizeFound } from './read-size.ts';
import { tierWord } from './read-size.ts';
import {
  change,
  entriesOf,
  oneOf,
  refuse,
  shown,
  textEntries,
  type Entry,
  type Note,
  type Reading,
} from './reading.ts';

export interface ResolutionFound {
  resolution: string | null;
  notes: Note[];
}

interface Asked {
  field: string;
  word: string;
}

/** Reads the resolution. */
export function readResolution(
  reading: Reading,
  { size, limits }: { size: SizeFound; limits: TaskLimits | undefined },
): ResolutionFound {
  const rules = withLimits(reading.model.resolution, limits);
  const { asked, notes } = askedFor(reading, { rules, size });
  if (limits?.refuses?.includes('resolution')) {
    const refused = asked.map(({ field }) => refuse(field, 'An extension keeps that of the video'));
    return { resolution: null, notes: [...notes, ...refused] };
  }
  if (rules.fixed !== undefined) {
    return { resolution: rules.fixed, notes: [...notes, ...besideFixed(asked, rules)] };
  }
  const [first, ...others] = asked;
  if (!first) return { resolution: rules.default, notes: [...notes, ...unasked(rules)] };
  const found = madeOf(first, { reading, size, rules });
  return { ...found, notes: [...notes, ...found.notes, ...otherOnes(others, { first, rules })] };
}

function withLimits(rules: ResolutionRules, limits?: TaskLimits): ResolutionRules {
  return limits?.resolutions ? { ...rules, values: limits.resolutions } : rules;
}

function askedFor(
  reading: Reading,
  { rules, size }: { rules: ResolutionRules; size: SizeFound },
): { asked: Asked[]; notes: Note[] } {
  const fields = rules.from.filter((path) => path !== 'size');
  const entries = entriesOf(reading, fields).map((entry) => withNumber(entry, rules));
  const { texts, notes } = textEntries(reading, entries);
  const asked = texts.map(({ field, text }) => ({ field, word: wordIn(text, rules) }));
  if (size.resolution !== undefined && size.field !== undefined && rules.from.includes('size')) {
    asked.push({ field: size.field, word: wordIn(size.resolution, rules) });
  }
  return { asked, notes };
}

function withNumber({ field, value }: Entry, { form }: ResolutionRules): Entry {
  const isRead = form.numbers && typeof value === 'number' && Number.isFinite(value);
  return { field, value: isRead ? String(value) : value };
}

function wordIn(text: string, { form, values = [] }: ResolutionRules): string {
  const word = tierWord(text, form);
  if (!form.contains) return word;
  const digits = (tier: string) => tier.replace(/\D/g, '');
  return values.toReversed().find((tier) => word.includes(digits(tier))) ?? word;
}

function besideFixed(asked: readonly Asked[], { fixed, other }: ResolutionRules): Note[] {
  const made = fixed ?? '';
  return asked
    .filter(({ word }) => word !== made)
    .map(({ field }) =>
      other === 'refused'
        ? refuse(field, `The model id determines ${made}; leave it out`)
        : change(field, `Has no effect: the model id determines ${made}`, 'resolution'),
    );
}

function unasked({ tellDefault, default: made }: ResolutionRules): Note[] {
  if (!tellDefault) return [];
  return [change('resolution', `No resolution is given: ${made} is made`, 'resolution')];
}

function madeOf(
  { field, word }: Asked,
  { reading, size, rules }: { reading: Reading; size: SizeFound; rules: ResolutionRules },
): ResolutionFound {
  const { values, default: preferred } = rules;
  const sizeRules = field === size.field ? reading.model.size : undefined;
  if (!values || values.includes(word)) {
    if (!sizeRules?.checkOnly) return { resolution: word, notes: [] };
    const message = 'Sets neither shape nor resolution here';
    return { resolution: preferred, notes: [change(field, message, 'ratio')] };
  }
  if (rules.elseSent) {
    const message = `Is sent to the vendor as resolution "${word}"; it knows ${oneOf(values)}`;
    return { resolution: word, notes: [change(field, message, 'resolution')] };
  }
  if (sizeRules?.else === 'default' && !sizeRules.checkOnly) {
    const message = `Is unknown, so ${preferred} is made`;
    return { resolution: preferred, notes: [change(field, message, 'resolution')] };
  }
  return {
    resolution: null,
    notes: [refuse(field, `Must be ${oneOf(values)}, not ${shown(word)}`)],
  };
}

function otherOnes(
  others: readonly Asked[],
  { first, rules }: { first: Asked; rules: ResolutionRules },
): Note[] {
  return others
    .filter(({ word }) => word !== first.word)
    .map(({ field }) =>
      rules.agree || rules.agreeWith?.includes(field)
        ? refuse(field, `Says another resolution than "${first.field}"; send one`)
        : change(field, `"${first.field}" takes precedence: ${first.word} is made`, 'resolution'),
    );
}

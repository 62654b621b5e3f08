import type { ModelRules, SizeRules, TierForm } from './catalog-types.ts';
import {
  change,
  entriesOf,
  oneOf,
  refuse,
  shown,
  textEntries,
  type Note,
  type Reading,
} from './reading.ts';

/** The meaning of `size`. */
export interface SizeFound {
  /** The field; absent if none is given. */
  field?: string;
  ratio?: string;
  resolution?: string;
  /** The field is given, but this plugin ignores it. */
  unknown?: true;
  notes: Note[];
}

export function readSize(reading: Reading): SizeFound {
  const { size: rules } = reading.model;
  if (!rules) return { notes: [] };
  const { texts, notes } = textEntries(reading, entriesOf(reading, rules.from));
  const [given] = texts;
  if (!given) return { notes };
  const { field } = given;
  const found = meaningOf(given.text, reading.model, rules);
  if (found) {
    const { lifted, ...meaning } = found;
    const made = found.resolution ?? '';
    const more = lifted ? [change(field, `Becomes ${made}`, 'resolution')] : [];
    return { field, ...meaning, notes: [...notes, ...more] };
  }
  if (rules.else !== 'refused') return { field, unknown: true, notes };
  const known = Object.keys(rules.table ?? {});
  const advice = known.length > 0 ? `; use ${oneOf(known)}` : '';
  return {
    field,
    notes: [...notes, refuse(field, `${shown(given.text)} is not a size of this model${advice}`)],
  };
}

interface Meaning {
  ratio?: string;
  resolution?: string;
  lifted?: true;
}

function meaningOf(given: string, model: ModelRules, rules: SizeRules): Meaning | undefined {
  const text = rules.star ? given.replace(/[x*]/i, 'x') : given;
  if (rules.raw) return { [rules.raw]: text };
  const listed = rules.table && Object.hasOwn(rules.table, text) ? rules.table[text] : undefined;
  return listed ?? wordOf(text, model, rules) ?? pixelsOf(text, model, rules);
}

function wordOf(text: string, model: ModelRules, { words = [] }: SizeRules): Meaning | undefined {
  if (words.includes('ratio') && model.ratio.values?.includes(text)) return { ratio: text };
  const { form } = model.resolution;
  const isTier = form.addP ? /^(\d+p?|[248]k)$/i : /^(\d+p|[248]k)$/i;
  return words.includes('resolution') && isTier.test(text)
    ? { resolution: tierWord(text, form) }
    : undefined;
}

function pixelsOf(text: string, model: ModelRules, rules: SizeRules): Meaning | undefined {
  if (!rules.shape) return undefined;
  const [, w, h] = /^(\d+)x(\d+)$/i.exec(text) ?? [];
  const [width, height] = [Number(w), Number(h)];
  if (!(width > 0) || !(height > 0)) return undefined;
  const ratio = rules.shape === 'exact' ? exactRatio(width, height) : orientation(width, height);
  const { values } = model.ratio;
  if (values && !values.includes(ratio)) return undefined;
  const tier = rules.tiers?.find(([side]) => Math.max(width, height) >= side);
  return { ratio, ...(tier && { resolution: tier[1] }) };
}

function exactRatio(width: number, height: number): string {
  const divisor = greatestCommonDivisor(width, height);
  const ratio = `${width / divisor}:${height / divisor}`;
  return ratio === '7:3' ? '21:9' : ratio;
}

function orientation(width: number, height: number): string {
  return height > width ? '9:16' : '16:9';
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The name of a resolution, normalized as the plugin does it. */
export function tierWord(given: string, { case: letters, addP }: TierForm): string {
  const text = given.trim();
  const word =
    letters === 'exact' ? text : letters === 'lower' ? text.toLowerCase() : text.toUpperCase();
  const ends = addP === 'always' ? !/p$/i.test(word) : addP === 'digits' && /^\d+$/.test(word);
  return ends ? word + (letters === 'upper' ? 'P' : 'p') : word;
}

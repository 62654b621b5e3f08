import { badBody, isPrototypeName } from './body-fault.ts';

/** A value of a form, by its bracketed name. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

/** Deeper than any field of a known model, and far from the depth at which recursion fails. */
const maxDepth = 16;

type Fields = { [name: string]: FormValue };

/** Where a value goes. The empty step is `[]`. */
interface Place {
  /** The whole name, for messages. */
  name: string;
  steps: readonly string[];
  value: FormValue;
}

/** The steps of `metadata[list][]`: `metadata`, `list` and an empty one. @throws {ApiError} 400 */
export function fieldSteps(name: string): string[] {
  const [, first, brackets = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  if (first === undefined) {
    throw badBody(`Cannot read the field name "${name}": write it as a[b] or a[]`, name);
  }
  const steps = [
    first,
    ...Array.from(brackets.matchAll(/\[([^[\]]*)\]/g), ([, step = '']) => step),
  ];
  if (steps.length > maxDepth) throw badBody(`The field has more than ${maxDepth} levels`, name);
  if (steps.some(isPrototypeName)) throw badBody(`A field cannot have the name "${name}"`, name);
  return steps;
}

/**
 * Adds a value as the SDKs of OpenAI write it: `a[b]` into an object, `a[]` at the end of a list. `a[][b]` begins a new
 * entry of a list each time that the first name of its entries comes again.
 *
 * @throws {ApiError} 400 if the field is given twice, or as two kinds of value.
 */
export function addField(fields: Fields, name: string, value: FormValue): void {
  addTo(fields, { name, steps: fieldSteps(name), value });
}

function addTo(object: Fields, { name, steps, value }: Place): void {
  const [step = '', ...inner] = steps;
  const before = Object.hasOwn(object, step) ? object[step] : undefined;
  if (inner.length === 0) {
    if (before === undefined) object[step] = value;
    else throw badBody(`"${name}" is given twice: write "${name}[]" for a list`, name);
  } else if (inner[0] === '') {
    const list = before ?? [];
    if (!Array.isArray(list)) throw mixed(name);
    object[step] = list;
    addToList(list, { name, steps: inner.slice(1), value });
  } else {
    const within = before ?? {};
    if (typeof within === 'string' || Array.isArray(within)) throw mixed(name);
    object[step] = within;
    addTo(within, { name, steps: inner, value });
  }
}

function addToList(list: FormValue[], place: Place): void {
  const { name, steps, value } = place;
  const [step] = steps;
  const last = list.at(-1);
  if (step === undefined) {
    if (typeof last === 'object') throw mixed(name);
    list.push(value);
    return;
  }
  if (step === '') throw badBody('A form cannot hold lists of lists: send JSON', name);
  if (typeof last === 'string' || Array.isArray(last)) throw mixed(name);
  const begins = last === undefined || (step === firstName(list[0]) && isWhole(last, steps));
  if (begins) list.push({});
  const entry = list.at(-1);
  if (typeof entry === 'object' && !Array.isArray(entry)) addTo(entry, place);
}

function firstName(entry: FormValue | undefined): string | undefined {
  return typeof entry === 'object' ? Object.keys(entry)[0] : undefined;
}

/** Whether the entry has a value at the place, so that another one belongs to the next entry. */
function isWhole(entry: FormValue, steps: readonly string[]): boolean {
  let found: FormValue | undefined = entry;
  for (const step of steps) {
    // One more value of a list inside of the entry.
    if (step === '') return false;
    if (typeof found !== 'object' || Array.isArray(found) || !Object.hasOwn(found, step))
      return false;
    found = found[step];
  }
  return true;
}

function mixed(name: string): Error {
  return badBody(`"${name}" is given as two kinds of value: give it once`, name);
}

import type { ListRules } from './media-types.ts';
import { formFault } from './picture-form.ts';
import { drop, entriesOf, refuse, type Note, type Reading } from './reading.ts';
import { isObject } from '../object-in.ts';

export interface Item {
  /** `image`, or `images[1]`. */
  field: string;
  /** The field without the index. */
  list: string;
}

export interface ListFound {
  items: Item[];
  notes: Note[];
}

/** Reads the media of one kind. */
export function readList(reading: Reading, rules: ListRules | undefined): ListFound {
  if (!rules) return { items: [], notes: [] };
  const notes: Note[] = [];
  const items: Item[] = [];
  for (const { field, value } of entriesOf(reading, rules.from)) {
    const values = Array.isArray(value) ? value : [value];
    if (values.length === 0) continue;
    if (rules.take === 'first list' && items.length > 0) {
      notes.push(drop(field, `Ignored, because "${items[0]?.list}" is given`));
    } else if (!Array.isArray(value) && rules.lists?.includes(field)) {
      const note = reading.plugin.nonText === 'refused' ? refuse : drop;
      notes.push(note(field, 'Must be a list'));
    } else {
      const read = readItems(field, { values, isList: Array.isArray(value), rules });
      items.push(...read.items);
      notes.push(...read.notes);
    }
  }
  return used({ items, notes }, rules);
}

function readItems(
  list: string,
  { values, isList, rules }: { values: readonly unknown[]; isList: boolean; rules: ListRules },
): ListFound {
  const items: Item[] = [];
  const notes: Note[] = [];
  const say = rules.wrongForm === 'dropped' ? drop : refuse;
  for (const [index, value] of values.entries()) {
    const address = addressIn(value, rules);
    if (address === undefined && (rules.skips === 'all' || (rules.skips && !isList))) {
      notes.push({ ...drop(list, 'Ignored, because it is not a URL'), about: 'media' });
      continue;
    }
    const fault = address === undefined ? 'Must be a URL' : formFault(address, rules);
    if (fault === undefined) items.push({ field: isList ? `${list}[${index}]` : list, list });
    else if (!notes.some(({ field }) => field === list)) {
      const effect = rules.wrongForm === 'dropped' ? ', and is not read' : '';
      notes.push({ ...say(list, fault + effect), about: 'media' });
    }
  }
  return { items, notes };
}

function addressIn(value: unknown, { objects }: ListRules): string | undefined {
  const text = objects && isObject(value) ? value['url'] : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

function used({ items, notes }: ListFound, { uses, max }: ListRules): ListFound {
  const last = items.at(-1);
  if (!last) return { items, notes };
  if (max !== undefined && items.length > max) {
    const message = max === 0 ? 'This model accepts none' : `At most ${max}, not ${items.length}`;
    return { items, notes: [...notes, refuse(last.list, message)] };
  }
  if (uses === undefined || items.length <= uses) return { items, notes };
  const message = uses === 1 ? 'Only the first one is read' : `Only the first ${uses} are read`;
  return { items: items.slice(0, uses), notes: [...notes, drop(last.list, message)] };
}

import { videoPhases, type VideoPhase } from '../../contract/messages.ts';
import type { NewestFilter } from '../../runs/newest-videos.ts';
import { groups, type GroupName } from './read-list.ts';

/** The fields of the filter, as the address of the page has them; empty fields are left out. */
export interface ListFields {
  /** A group or a phase. */
  phase?: GroupName | VideoPhase;
  model?: string;
  tag?: string;
  tenant?: string;
  before?: string;
}

/** Longer than any model, tag or tenant. */
const longestField = 256;

/** Reads the filter of an address. Unknown fields and values are ignored. */
export function readListFields(query: Readonly<Record<string, string>>): ListFields {
  const text = (name: 'model' | 'tag' | 'tenant') => {
    const value = (query[name] ?? '').trim().slice(0, longestField);
    return value === '' ? {} : { [name]: value };
  };
  const phase = [...groupNames, ...videoPhases].find((name) => name === query['phase']);
  const before = query['before'] ?? '';
  return {
    ...(phase && { phase }),
    ...text('model'),
    ...text('tag'),
    ...text('tenant'),
    ...(before !== '' && { before }),
  };
}

/** The groups of the overview. */
export const groupNames = Object.keys(groups) as GroupName[];

/** Whether a name is one of the groups. */
export function isGroup(name: string): name is GroupName {
  return Object.hasOwn(groups, name);
}

/** The filter of a list. */
export function filterOf({ phase, ...rest }: ListFields, limit: number): NewestFilter {
  if (phase === undefined) return { ...rest, limit };
  return { ...rest, phases: isGroup(phase) ? groups[phase] : [phase], limit };
}

/** Address of the overview with these fields. */
export function listPath(fields: ListFields): string {
  const query = new URLSearchParams(Object.entries(fields)).toString();
  return query === '' ? '/studio' : `/studio?${query}`;
}

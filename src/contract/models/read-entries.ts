import { isObject } from '../object-in.ts';
import type { Medium } from './read-media.ts';
import { entriesOf, refuse, type Note, type Reading } from './reading.ts';

/** Reads media with explicit roles: `[{ "type": "first_frame", "url": … }]`. */
export function readEntries(reading: Reading): { media: Medium[]; notes: Note[] } {
  const { entries: rules } = reading.model.media;
  const [list] = rules ? entriesOf(reading, rules.from) : [];
  if (!rules || !list) return { media: [], notes: [] };
  if (!Array.isArray(list.value)) {
    return { media: [], notes: [refuse(list.field, 'Must be a list')] };
  }
  const values: unknown[] = list.value;
  const media = values.map((value, index) => ({
    field: `${list.field}[${index}]`,
    role: isObject(value) && typeof value['type'] === 'string' ? value['type'] : '',
  }));
  const faults = new Set(media.flatMap(({ role }) => faultOf(role, { media, max: rules.max })));
  const notes = [...faults, ...mixFaults(media)].map((fault) => refuse(list.field, fault));
  return { media, notes };
}

function faultOf(
  role: string,
  { media, max }: { media: readonly Medium[]; max: Readonly<Record<string, number>> },
): string[] {
  const most = Object.hasOwn(max, role) ? max[role] : undefined;
  if (most === undefined) return [`Each entry has one of the types ${Object.keys(max).join(', ')}`];
  const count = media.filter((medium) => medium.role === role).length;
  return count > most ? [`At most ${most} of type ${role}, not ${count}`] : [];
}

function mixFaults(media: readonly Medium[]): string[] {
  const roles = new Set(media.map(({ role }) => role));
  const faults: string[] = [];
  const hasFrame = roles.has('first_frame') || roles.has('last_frame');
  const hasReference = [...roles].some((role) => role.startsWith('reference_'));
  if (hasFrame && hasReference) faults.push('Frames and references exclude each other');
  if (roles.has('file') && roles.has('link')) faults.push('A file and a link exclude each other');
  if (roles.has('last_frame') && !roles.has('first_frame')) {
    faults.push('A last frame requires a first frame');
  }
  return faults;
}

import { formFault } from './picture-form.ts';
import type { Item } from './read-list.ts';
import { entriesOf, refuse, type Note, type Reading } from './reading.ts';

export interface FramesFound {
  items: (Item & { role: 'first_frame' | 'last_frame' })[];
  /** The image fields are ignored. */
  hidesImages: boolean;
  notes: Note[];
}

/** Reads first and last frame from their own fields. */
export function readFrames(reading: Reading, images: number): FramesFound {
  const { frames: rules, images: imageRules } = reading.model.media;
  if (!rules) return { items: [], hidesImages: false, notes: [] };
  const [first] = entriesOf(reading, rules.first);
  const [last] = entriesOf(reading, rules.last);
  const items: FramesFound['items'] = [];
  const notes: Note[] = [];
  if (first) items.push({ field: first.field, list: first.field, role: 'first_frame' });
  if (last) items.push({ field: last.field, list: last.field, role: 'last_frame' });
  for (const { field, value } of [first, last].flatMap((entry) => (entry ? [entry] : []))) {
    const [address] = Array.isArray(value) ? (value as unknown[]) : [value];
    const fault =
      typeof address === 'string' && imageRules ? formFault(address.trim(), imageRules) : undefined;
    if (fault !== undefined) notes.push(refuse(field, fault));
  }
  const mayStandAlone =
    rules.lastAlone === 'accepted' || (rules.lastAlone === 'with one image' && images === 1);
  if (last && !first && !mayStandAlone) {
    notes.push(refuse(last.field, 'Requires a first frame'));
  }
  if (rules.withImages === 'refused' && images > 0 && first) {
    notes.push(refuse(first.field, 'Excludes image and images'));
  }
  return { items, hidesImages: rules.withImages === 'dropped' && items.length > 0, notes };
}

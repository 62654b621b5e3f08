import type { Condition, RatioRules, TaskLimits } from './catalog-types.ts';
import type { MediaFound } from './read-media.ts';
import type { SizeFound } from './read-size.ts';
import {
  change,
  drop,
  entriesOf,
  oneOf,
  placesOf,
  refuse,
  shown,
  textEntries,
  type Note,
  type Reading,
} from './reading.ts';

export interface RatioFound {
  ratio: string | null;
  notes: Note[];
}

interface Asked {
  field: string;
  ratio: string;
}

interface Beside {
  size: SizeFound;
  media: MediaFound;
  resolution: string | null;
  limits: TaskLimits | undefined;
}

/** Reads the aspect ratio. */
export function readRatio(reading: Reading, beside: Beside): RatioFound {
  const { ratio: rules } = reading.model;
  const { asked, notes } = askedFor(reading, beside.size);
  if (beside.limits?.refuses?.includes('ratio')) {
    const refused = asked.map(({ field }) => refuse(field, 'The shape of the video is kept'));
    return { ratio: null, notes: [...notes, ...refused] };
  }
  if (rules.ofPicture) {
    const own = asked.filter(({ field }) => field !== beside.size.field);
    const dropped = own.map(({ field }) =>
      drop(field, 'Has no effect: the image determines the shape'),
    );
    return { ratio: null, notes: [...notes, ...dropped] };
  }
  const [first, ...others] = counted(asked, reading);
  if (!first) return { ratio: rules.default, notes: [...notes, ...unasked(reading, beside)] };
  if (rules.values && !rules.values.includes(first.ratio)) {
    const refused = refuse(
      first.field,
      `Must be ${oneOf(rules.values)}, not ${shown(first.ratio)}`,
    );
    return { ratio: null, notes: [...notes, refused] };
  }
  const found = [
    ...otherOnes(others, { reading, first }),
    ...channels(first, rules),
    ...conditions(first, { reading, beside }),
  ];
  return { ratio: first.ratio, notes: [...notes, ...found] };
}

function askedFor(reading: Reading, size: SizeFound): { asked: Asked[]; notes: Note[] } {
  const { from, words = {}, values } = reading.model.ratio;
  const fields = from.filter((path) => path !== 'size');
  const { texts, notes } = textEntries(reading, entriesOf(reading, fields));
  const read = (text: string) => words[text] ?? (values ? text : text.replace('x', ':'));
  const asked = texts.map(({ field, text }) => ({ field, ratio: read(text) }));
  if (size.ratio === undefined || size.field === undefined || !from.includes('size')) {
    return { asked, notes };
  }
  const before = placesOf(from.slice(0, from.indexOf('size')), reading.plugin);
  const at = asked.filter(({ field }) => before.includes(field)).length;
  return { asked: asked.toSpliced(at, 0, { field: size.field, ratio: size.ratio }), notes };
}

/** If all given fields must be equal, a size that is not a ratio is ignored. */
function counted(asked: readonly Asked[], { model, plugin }: Reading): readonly Asked[] {
  const { agreeWith = [], values = [] } = model.ratio;
  const strict = placesOf(agreeWith, plugin);
  if (!asked.some(({ field }) => strict.includes(field))) return asked;
  return asked.filter(({ field, ratio }) => field !== 'size' || values.includes(ratio));
}

/** The request has no aspect ratio. */
function unasked(reading: Reading, { size, media }: Beside): Note[] {
  const { default: made, tellDefault, depends } = reading.model.ratio;
  const notes = made === null ? [] : channels({ field: 'ratio', ratio: made }, { depends });
  if (size.unknown && size.field !== undefined) {
    const message = `Sets no shape here: ${made ?? "the vendor's default"} is made`;
    return [...notes, change(size.field, message, 'ratio')];
  }
  const isTold =
    tellDefault === 'always' || (tellDefault === 'without an image' && media.images === 0);
  if (!isTold) return notes;
  return [...notes, change('size', `No shape is given: the video is ${made}`, 'ratio')];
}

function otherOnes(
  others: readonly Asked[],
  { reading, first }: { reading: Reading; first: Asked },
): Note[] {
  const { agree, agreeWith = [], values } = reading.model.ratio;
  const strict = placesOf(agreeWith, reading.plugin);
  const isStrict = agree || [first, ...others].some(({ field }) => strict.includes(field));
  return others
    .filter(({ ratio }) => ratio !== first.ratio)
    .filter(({ field, ratio }) => field !== 'size' || !values || values.includes(ratio))
    .map(({ field }) =>
      isStrict
        ? refuse(field, `Says another shape than "${first.field}"; send one`)
        : change(field, `"${first.field}" takes precedence: ${first.ratio} is made`, 'ratio'),
    );
}

function channels(
  { field, ratio }: Asked,
  { depends }: { depends?: RatioRules['depends'] | undefined },
): Note[] {
  if (!depends?.includes(ratio)) return [];
  const message = `"${ratio}" is refused where the channel maps the name to one variant; name a shape such as 16:9`;
  return [{ field, effect: 'depends', message }];
}

function conditions(
  { field, ratio }: Asked,
  { reading, beside }: { reading: Reading; beside: Beside },
): Note[] {
  const { resolution, media } = beside;
  const { byResolution } = reading.model.ratio;
  const notes = (reading.model.when ?? [])
    .filter((condition) => condition.ratios && media.has(condition.has))
    .filter((condition) => !fits(ratio, condition))
    .map(({ ratios }) => refuse(field, ratios?.message ?? ''));
  const there = resolution === null ? undefined : byResolution?.[resolution];
  if (!there || Object.hasOwn(there, ratio)) return notes;
  return [...notes, refuse(field, `At ${resolution} there is ${oneOf(Object.keys(there))}`)];
}

function fits(ratio: string, { ratios }: Condition): boolean {
  return (ratios?.only?.includes(ratio) ?? true) && !ratios?.not?.includes(ratio);
}

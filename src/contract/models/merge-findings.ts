import type { PluginFinding } from './evaluate-plugin.ts';
import type { Dimension, Note } from './reading.ts';

/**
 * The resulting video. `auto`: the vendor chooses. `depends`: the plugins that can serve the model differ. `null`:
 * unknown.
 */
export interface Makes {
  seconds: number | 'auto' | 'depends' | null;
  resolution: string | null;
  ratio: string | null;
  audio: boolean | 'depends' | null;
  /** Role of each image, video or sound: `first_frame`, `last_frame`, `reference`, `video`, `audio` … */
  media: { field: string; role: string }[];
}

/** A field that a plugin changes or drops. */
export interface RequestFinding {
  /** Path in the body, e.g. `metadata.seed`. */
  field: string;
  /** `depends`: the plugins that can serve the model differ. */
  effect: 'changed' | 'dropped' | 'depends';
  message: string;
}

export interface Merged {
  makes: Makes;
  refusals: { field: string; message: string }[];
  warnings: RequestFinding[];
  /** The plugins that accept the request. */
  taking: readonly PluginFinding[];
}

export const nothingMade: Makes = {
  seconds: null,
  resolution: null,
  ratio: null,
  audio: null,
  media: [],
};

/** Merges the findings of all plugins that can serve a model. A request is refused only if each of them refuses it. */
export function mergeFindings(findings: readonly PluginFinding[]): Merged {
  const taking = findings.filter(({ refused }) => refused.length === 0);
  if (taking.length === 0) {
    return { makes: nothingMade, refusals: refusalsOf(findings), warnings: [], taking };
  }
  const makes = mergedMakes(taking);
  const fields = new Set(findings.flatMap((each) => saidBy(each).map(({ field }) => field)));
  const warnings = [...fields].flatMap((field) => warningAt(field, { findings, taking }));
  return { makes, refusals: [], warnings: withDifferences(warnings, taking), taking };
}

/** The refusals of a plugin, or its other notes if it accepts the request. */
function saidBy({ refused, notes }: PluginFinding): readonly Note[] {
  return refused.length > 0 ? refused : notes;
}

function refusalsOf(findings: readonly PluginFinding[]): Merged['refusals'] {
  const fields = new Set(findings.flatMap(({ refused }) => refused.map(({ field }) => field)));
  return [...fields].map((field) => {
    const speaking = findings.filter(({ refused }) => refused.some((note) => note.field === field));
    return { field, message: wordsAt(field, speaking) };
  });
}

/** The gateway skips a plugin that refuses the request, so only its refusals count. */
function warningAt(
  field: string,
  { findings, taking }: { findings: readonly PluginFinding[]; taking: readonly PluginFinding[] },
): RequestFinding[] {
  const speaking = findings.filter(
    (each) => taking.includes(each) || each.refused.some((note) => note.field === field),
  );
  const said = speaking.map((each) => saidBy(each).filter((note) => note.field === field));
  const effects = new Set(said.map(([note]) => note?.effect));
  const differs = said.flat().some(({ about }) => about && hasDifference(about, taking));
  const [effect] = effects;
  if (effects.size === 1 && effect && effect !== 'refused' && !differs) {
    return (said[0] ?? []).map(({ message }) => ({ field, effect, message }));
  }
  return [{ field, effect: 'depends', message: wordsAt(field, speaking) }];
}

/** `xm-video: …; minimax-h3: …`, or the message of the only plugin. */
function wordsAt(field: string, findings: readonly PluginFinding[]): string {
  const said = findings.map((finding) => {
    const notes = saidBy(finding).filter((note) => note.field === field);
    const words = notes.map(({ effect, message }) =>
      effect === 'refused' && findings.length > 1 ? `refused (${message})` : message,
    );
    return { plugin: finding.plugin, words: words.join('; ') || 'taken as it is' };
  });
  const [only] = said;
  if (only && said.every(({ words }) => words === only.words)) return only.words;
  return byPlugin(said);
}

/** `xm-video: 4 s; minimax-h3, h3-video: 5 s` */
function byPlugin(said: readonly { plugin: string; words: string }[]): string {
  const different = new Set(said.map(({ words }) => words));
  return [...different]
    .map((words) => {
      const plugins = said.filter((each) => each.words === words).map(({ plugin }) => plugin);
      return `${plugins.join(', ')}: ${words}`;
    })
    .join('; ');
}

const dimensions: readonly Dimension[] = ['seconds', 'resolution', 'ratio', 'audio', 'media'];

/** A difference without a field of its own is reported at the field that determines it. */
function withDifferences(
  warnings: readonly RequestFinding[],
  taking: readonly PluginFinding[],
): RequestFinding[] {
  const all = [...warnings];
  for (const dimension of dimensions) {
    if (!hasDifference(dimension, taking)) continue;
    const field = decidingField(dimension, taking);
    if (all.some((each) => each.field === field && each.effect === 'depends')) continue;
    const said = taking.map(({ plugin, makes }) => ({
      plugin,
      words: valueWords(makes[dimension]),
    }));
    all.push({ field, effect: 'depends', message: byPlugin(said) });
  }
  return all;
}

function decidingField(dimension: Dimension, taking: readonly PluginFinding[]): string {
  for (const { decidedBy } of taking) {
    const field = decidedBy[dimension];
    if (field !== undefined) return field;
  }
  return dimension === 'seconds'
    ? 'duration'
    : dimension === 'audio'
      ? 'generate_audio'
      : dimension;
}

function hasDifference(dimension: Dimension, taking: readonly PluginFinding[]): boolean {
  return new Set(taking.map(({ makes }) => JSON.stringify(makes[dimension]))).size > 1;
}

function valueWords(value: PluginFinding['makes'][Dimension]): string {
  if (value === null) return "the vendor's choice";
  if (!Array.isArray(value)) return String(value);
  return value.map(({ field, role }) => `${field} as ${role}`).join(', ') || 'from text alone';
}

function mergedMakes(taking: readonly PluginFinding[]): Makes {
  const [first] = taking;
  if (!first) return nothingMade;
  const same = <T>(dimension: Dimension, value: T) =>
    hasDifference(dimension, taking) ? ('depends' as const) : value;
  const { seconds, resolution, ratio, audio } = first.makes;
  return {
    seconds: same('seconds', seconds),
    resolution: same('resolution', resolution),
    ratio: same('ratio', ratio),
    audio: same('audio', audio),
    media: mergedMedia(taking),
  };
}

function mergedMedia(taking: readonly PluginFinding[]): Makes['media'] {
  const fields = new Set(taking.flatMap(({ makes }) => makes.media.map(({ field }) => field)));
  return [...fields].map((field) => {
    const roles = new Set(
      taking.map(({ makes }) => makes.media.find((each) => each.field === field)?.role),
    );
    const [role] = roles;
    return { field, role: roles.size === 1 && role !== undefined ? role : 'depends' };
  });
}

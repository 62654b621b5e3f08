import { candidatesOf } from '../../contract/models/catalog.ts';
import { evaluateRequest, type Evaluation } from '../../contract/models/evaluate-request.ts';

export type Body = { model: string } & Record<string, unknown>;

const picture = 'https://example.com/a.png';

/**
 * A body with explicit values, in fields that all plugins of the model read alike: of the usual forms, the one with the
 * fewest findings of the evaluator.
 */
export function safeBody(model: string): Body {
  const [likeliest] = candidatesOf(model);
  const { length, resolution, ratio } = likeliest?.model ?? {};
  const seconds = length?.values?.[0] ?? Math.max(5, length?.min ?? 0);
  const tier = resolution?.fixed ?? resolution?.default ?? resolution?.values?.[0];
  const shape = ratio?.values?.includes('16:9') ? '16:9' : undefined;
  const ofLength = [{ duration: seconds }, { seconds: String(seconds) }];
  const ofShape = [
    { ratio: shape },
    { metadata: { ratio: shape } },
    { size: shape },
    { size: '1280x720' },
    {},
  ];
  const ofTier = [{}, { resolution: tier }, { metadata: { resolution: tier } }];
  const ofMedia = [{}, { image: picture }];
  const bodies = ofMedia.flatMap((media) =>
    ofLength.flatMap((time) =>
      ofShape.flatMap((form) => ofTier.map((size) => merged(model, [time, form, size, media]))),
    ),
  );
  const [best] = bodies
    .map((body) => ({ body, cost: unease(evaluateRequest({ format: 'videos', body })) }))
    .toSorted((a, b) => a.cost - b.cost);
  return best?.body ?? { model, prompt: '…' };
}

function merged(model: string, parts: readonly Record<string, unknown>[]): Body {
  const metadata = Object.assign({}, ...parts.map((part) => part['metadata'])) as object;
  const flat = Object.assign({}, ...parts) as Record<string, unknown>;
  const fields = { ...flat, ...(Object.keys(metadata).length > 0 && { metadata }) };
  return { model, prompt: '…', ...(JSON.parse(JSON.stringify(fields)) as object) };
}

/** Weighs refusals most, then warnings, then undetermined values. */
function unease({ refusals, warnings, makes }: Evaluation): number {
  const open = [makes.seconds, makes.resolution, makes.ratio].filter(
    (made) => made === null || made === 'auto' || made === 'adaptive' || made === 'depends',
  );
  return refusals.length * 1_000 + warnings.length * 30 + open.length * 10;
}

/** A field that callers often send, and its effect in a safe body. */
export interface Trap {
  sent: string;
  effect: string;
  field: string;
  message: string;
}

interface Habit {
  sent: string;
  fields: Record<string, unknown>;
  /** Fields that it replaces. */
  instead?: readonly string[];
}

const lengths = ['duration', 'seconds'];
const shapes = ['ratio', 'resolution', 'metadata'];

const habits: readonly Habit[] = [
  { sent: 'no length', fields: {}, instead: lengths },
  { sent: 'no shape', fields: {}, instead: shapes },
  { sent: 'duration 5.5', fields: { duration: 5.5 }, instead: lengths },
  { sent: 'metadata.duration', fields: { metadata: { duration: 10 } }, instead: lengths },
  { sent: 'size 1280x720', fields: { size: '1280x720' }, instead: shapes },
  { sent: 'size 1280*720', fields: { size: '1280*720' }, instead: shapes },
  { sent: 'resolution 4k', fields: { resolution: '4k' } },
  { sent: 'one image', fields: { image: picture } },
  { sent: 'two images', fields: { images: [picture, picture] }, instead: ['image'] },
  { sent: 'image as data URI', fields: { image: 'data:image/png;base64,iVBORw0KGgo=' } },
  { sent: 'generate_audio false', fields: { generate_audio: false } },
  { sent: 'negative_prompt', fields: { negative_prompt: 'rain' } },
  { sent: 'seed', fields: { seed: 7 } },
  { sent: 'n 2', fields: { n: 2 } },
  { sent: 'fps', fields: { fps: 24 } },
  { sent: 'callback_url', fields: { callback_url: 'https://example.com/done' } },
];

/** Findings for each habit, without duplicates and without those of the safe body. */
export function trapsOf(model: string): Trap[] {
  const body = safeBody(model);
  const said = new Set(findings(body).map(nameOf));
  return habits.flatMap(({ sent, fields, instead = [] }) => {
    const kept = Object.entries(body).filter(([field]) => !instead.includes(field));
    const found = findings(merged(model, [Object.fromEntries(kept), fields]));
    const news = found.filter((finding) => !said.has(nameOf(finding)));
    for (const finding of news) said.add(nameOf(finding));
    return news.map((finding) => ({ sent, ...finding }));
  });
}

function nameOf({ field, message }: Omit<Trap, 'sent'>): string {
  return `${field}: ${message}`;
}

function findings(body: Body): Omit<Trap, 'sent'>[] {
  const { refusals, warnings } = evaluateRequest({ format: 'videos', body });
  return [...refusals.map((each) => ({ effect: 'refused', ...each })), ...warnings];
}

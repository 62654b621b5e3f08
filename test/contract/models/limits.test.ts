import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { candidatesOf } from '../../../src/contract/models/catalog.ts';
import { evaluateRequest } from '../../../src/contract/models/evaluate-request.ts';

/** The limits that were found for each model, kept separately from the catalogue: the numbers of both must be equal. */
interface Model {
  id: string;
  plugins: string[];
  onSale: { price: ({ perSecond: number } & Record<string, number>) | null };
  limits: Record<string, Limits>;
}

interface Limits {
  duration: { min?: number; max?: number; values?: number[]; auto?: number; default?: number };
  resolution: { values?: string[]; default?: string; fixedByName?: string };
  ratio: { values?: string[]; default?: string; ofPicture?: true };
  images?: number;
  videos?: number;
  audios?: number;
  mediaTotal?: number;
  prompt?: { required: boolean; unless?: string; maxChars: number | null };
}

const models = JSON.parse(
  readFileSync(new URL('../../fixtures/models/limits.json', import.meta.url), 'utf8'),
) as Model[];

const rows = models.flatMap(({ id, limits }) =>
  Object.entries(limits).map(([plugin, limit]) => ({ id, plugin, limit })),
);

const picture = (index: number) => `https://files.example/${index}.png`;
const list = (count: number) => Array.from({ length: count }, (_, index) => picture(index));

/** A body without findings except for what a test adds. */
function bodyOf(id: string, { limit, plugin }: { limit: Limits; plugin: string }, more: object) {
  const needsImage = plugin === 'alibaba' && limit.ratio.ofPicture;
  return {
    model: id,
    prompt: 'a kite',
    ...(needsImage && { image: picture(0) }),
    ...more,
  };
}

function find(row: { id: string; plugin: string; limit: Limits }, more: object) {
  const request = { format: 'videos' as const, body: bodyOf(row.id, row, more) };
  const { refusals, ...found } = evaluateRequest(request, { plugins: [row.plugin] });
  return { ...found, refused: refusals.map(({ field }) => field) };
}

describe('the catalogue contains', () => {
  test.each(models)('$id, and which plugins can serve it', ({ id, plugins }) => {
    expect(candidatesOf(id).map(({ plugin }) => plugin.plugin)).toEqual(plugins);
  });
});

describe('lengths', () => {
  test.each(rows)('$id on $plugin: all that the model supports, and no other', (row) => {
    const { min, max, values, auto } = row.limit.duration;
    const field = row.plugin === 'doubao' ? 'seconds' : 'duration';
    const good = values ?? [min ?? 1, (min ?? 1) + 1, (max ?? 1) - 1, max ?? 1];
    for (const seconds of good) {
      const { makes, refused, cost } = find(row, { [field]: seconds });
      expect({ seconds, refused, made: makes.seconds, cost: cost.seconds }).toEqual({
        seconds,
        refused: [],
        made: seconds,
        cost: seconds,
      });
    }
    const beside = [...(values ?? []).map((each) => each + 1), Math.max(...good) + 1];
    const bad = [...beside, Math.min(...good) - 1, (good[0] ?? 5) + 0.5, -2, 'x', '5.5', [5, 6]];
    for (const seconds of bad.filter((each) => !good.includes(each as number))) {
      if (seconds === 0 && row.plugin === 'xm-video') continue;
      expect({ seconds, refused: find(row, { [field]: seconds }).refused }).toEqual({
        seconds,
        refused: [field],
      });
    }
    const isAuto = find(row, { [field]: -1 });
    expect([isAuto.makes.seconds, isAuto.refused.length]).toEqual(
      auto === undefined ? [null, 1] : ['auto', 0],
    );
  });

  test.each(rows)('$id on $plugin: the default, reported if the request names none', (row) => {
    const { default: made } = row.limit.duration;
    const { makes, warnings } = find(row, {});
    expect(makes.seconds).toBe(made === -1 ? 'auto' : (made ?? null));
    expect(warnings.map(({ field }) => field)).toContain('duration');
  });

  test.each(rows)('$id on $plugin: digits as text are read as a length', (row) => {
    const { min, values } = row.limit.duration;
    const seconds = values?.[0] ?? min ?? 1;
    expect(find(row, { seconds: String(seconds) }).refused).toEqual([]);
  });
});

describe('resolutions', () => {
  const field = (plugin: string) => (plugin === 'doubao' ? 'metadata' : 'resolution');
  const asked = (plugin: string, resolution: string) =>
    plugin === 'doubao' ? { metadata: { resolution } } : { resolution };

  test.each(rows)('$id on $plugin: all that the model supports, and no other', (row) => {
    const { values = [], default: preferred, fixedByName } = row.limit.resolution;
    for (const resolution of values) {
      const { makes, refused } = find(row, asked(row.plugin, resolution));
      expect([makes.resolution, refused]).toEqual([resolution, []]);
    }
    if (row.plugin !== 'h3-video' && values.length > 0) {
      const { refused } = find(row, asked(row.plugin, '144p'));
      expect(refused[0]).toMatch(field(row.plugin));
    }
    const unasked = find(row, {}).makes.resolution;
    expect(unasked).toBe(fixedByName ?? preferred ?? null);
  });

  test.each(rows.filter(({ limit }) => limit.resolution.fixedByName))(
    '$id on $plugin: a resolution that the name excludes is never made',
    (row) => {
      const { makes, refused, warnings } = find(row, { resolution: '144p' });
      const said = [...refused, ...warnings.map((each) => each.field)];
      expect(said).toContain('resolution');
      expect([row.limit.resolution.fixedByName, null]).toContain(makes.resolution);
    },
  );
});

describe('aspect ratios', () => {
  test.each(rows.filter(({ limit }) => limit.ratio.values))(
    '$id on $plugin: all that the model supports, and no other',
    (row) => {
      const { values = [], default: preferred } = row.limit.ratio;
      for (const ratio of values) {
        // It needs an image or a video.
        if (ratio === 'adaptive' && row.plugin === 'minimax-h3') continue;
        const { makes, refused } = find(row, { ratio });
        expect([makes.ratio, refused]).toEqual([ratio, []]);
      }
      expect(find(row, { ratio: '5:1' }).refused).toEqual(['ratio']);
      expect(find(row, {}).makes.ratio).toBe(preferred);
    },
  );

  test.each(rows.filter(({ limit }) => limit.ratio.ofPicture))(
    '$id on $plugin: follow the picture',
    (row) => {
      const { warnings, makes } = find(row, { ratio: '9:16' });
      expect(makes.ratio).toBeNull();
      expect(warnings).toContainEqual(
        expect.objectContaining({ field: 'ratio', effect: 'dropped' }),
      );
    },
  );
});

describe('media', () => {
  const counts = rows.flatMap((row) =>
    (['images', 'videos', 'audios'] as const).flatMap((kind) => {
      const max = row.limit[kind];
      // Omni and Veo take videos by task.
      if (max === undefined || (row.plugin === 'vertex-omni' && kind !== 'images')) return [];
      return [{ ...row, kind, max }];
    }),
  );

  test.each(counts)('$id on $plugin: at most $max $kind', (row) => {
    const { kind, max, plugin } = row;
    // A sound may need a picture beside it.
    const visual = kind === 'audios' && plugin !== 'doubao' ? { images: list(1) } : {};
    const most = find(row, { ...visual, [kind]: list(max), duration: 8 });
    expect(most.refused).toEqual([]);
    const tooMany = find(row, { ...visual, [kind]: list(max + 1), duration: 8 });
    expect(tooMany.refused).toEqual([kind]);
  });

  test.each(rows.filter(({ limit }) => limit.mediaTotal))(
    '$id on $plugin: at most $limit.mediaTotal in total',
    (row) => {
      const metadata = { referenceVideos: list(3) };
      expect(find(row, { images: list(9), metadata }).refused).toEqual([]);
      const more = { ...metadata, referenceAudios: list(1) };
      expect(find(row, { images: list(9), metadata: more }).refused).toEqual(['images']);
    },
  );
});

describe('prompts', () => {
  test.each(rows.filter(({ limit }) => limit.prompt?.required))(
    '$id on $plugin: required',
    (row) => {
      expect(find(row, { prompt: ' ' }).refused).toContain('prompt');
      const { refused } = find(row, { prompt: undefined, images: list(1) });
      expect(refused.includes('prompt')).toBe(row.limit.prompt?.unless === undefined);
    },
  );

  test.each(rows.filter(({ limit }) => limit.prompt?.maxChars))(
    '$id on $plugin: at most $limit.prompt.maxChars characters',
    (row) => {
      const max = row.limit.prompt?.maxChars ?? 0;
      expect(find(row, { prompt: '猫'.repeat(max) }).refused).toEqual([]);
      expect(find(row, { prompt: '猫'.repeat(max + 1) }).refused).toEqual(['prompt']);
    },
  );
});

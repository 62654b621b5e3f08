import type { Candidate } from './catalog.ts';
import { evaluatePlugin } from './evaluate-plugin.ts';
import type { Wishes } from './write-wishes.ts';

/** Pixel sizes that a resolution and a ratio determine. For other ratios, each vendor chooses the size. */
const exact: Readonly<Record<string, Pick<Wishes, 'ratio' | 'resolution'>>> = {
  '1280x720': { ratio: '16:9', resolution: '720p' },
  '720x1280': { ratio: '9:16', resolution: '720p' },
  '1920x1080': { ratio: '16:9', resolution: '1080p' },
  '1080x1920': { ratio: '9:16', resolution: '1080p' },
};

/** Replaces a pixel size by the equivalent ratio and resolution, for a model that does not read pixel sizes. */
export function withoutPixels(
  { model }: { model: string },
  serving: readonly Candidate[],
  wishes: Wishes,
): Wishes {
  const { size, ...others } = wishes;
  const same = size === undefined ? undefined : exact[size];
  if (!same || others.ratio !== undefined || others.resolution !== undefined) return wishes;
  const takes = (fields: object) =>
    serving.some((candidate) => {
      const found = evaluatePlugin({ model, prompt: 'A cat', ...fields }, candidate);
      return found.refused.length === 0;
    });
  return serving.length > 0 && !takes({ size }) && takes(same) ? { ...others, ...same } : wishes;
}

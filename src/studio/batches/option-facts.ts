import type { VideoBatchInput } from '../../contract/batch.ts';
import { facts } from '../components/facts.ts';
import type { Html } from '../page/layout.ts';
import { batchFormTexts } from '../texts/batch-form.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';

/** The options of a batch that are not the default. */
export function optionFacts(
  { window, caps = {}, timeZone, sendAnyway }: Omit<VideoBatchInput, 'name' | 'manifest'>,
  lang: Lang,
): Html | '' {
  const texts = inLanguage(batchFormTexts, lang);
  const rows = [
    [texts.window, window ?? null],
    [texts.capVideos, caps.videos ?? null],
    [texts.capSeconds, caps.seconds ?? null],
    [texts.capMoney, caps.money ?? null],
    [texts.timeZone, timeZone ?? null],
    [texts.sendAnyway, sendAnyway ? '✓' : null],
  ] as const;
  return rows.every(([, value]) => value === null) ? '' : facts(rows);
}

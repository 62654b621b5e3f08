import type { VideoBatchInput } from '../../contract/batch.ts';
import { facts, type Fact } from '../components/facts.ts';
import type { Html } from '../page/layout.ts';
import { batchFormTexts } from '../texts/batch-form.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';

/** The options of a batch that are not the default. */
export function optionRows(
  { window, caps = {}, timeZone, sendAnyway }: Omit<VideoBatchInput, 'name' | 'manifest'>,
  lang: Lang,
): Fact[] {
  const texts = inLanguage(batchFormTexts, lang);
  return [
    [texts.window, window ?? null],
    [texts.capVideos, caps.videos ?? null],
    [texts.capSeconds, caps.seconds ?? null],
    [texts.capMoney, caps.money ?? null],
    [texts.timeZone, timeZone ?? null],
    [texts.sendAnyway, sendAnyway ? '✓' : null],
  ];
}

/** The same as a list; nothing if all are the default. */
export function optionFacts(options: Parameters<typeof optionRows>[0], lang: Lang): Html | '' {
  const rows = optionRows(options, lang);
  return rows.every(([, value]) => value === null) ? '' : facts(rows);
}

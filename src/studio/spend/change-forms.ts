import { html } from 'hono/html';
import { limitUnits, type LimitName } from '../../contract/read-limits.ts';
import { hiddenFields, textField } from '../components/form-field.ts';
import { table } from '../components/table.ts';
import type { Html } from '../page/layout.ts';
import { capsTexts } from '../texts/caps.ts';
import { inLanguage, type Lang, type TextsOf } from '../texts/in-language.ts';
import type { GivenChange } from './change-caps.ts';
import type { FieldFault } from './limit-fields.ts';

type Texts = TextsOf<typeof capsTexts>;

/** The form of new limits. It only leads to the review. */
export function changeForm(
  { account, tag, given }: GivenChange,
  { lang, fault }: { lang: Lang; fault?: FieldFault },
): Html {
  const texts = inLanguage(capsTexts, lang);
  const field = (name: LimitName | 'tag', label: string, hint?: string) =>
    textField(
      { name, label, ...(hint !== undefined && { hint }), fault: faultOf(fault, name, texts) },
      name === 'tag' ? { value: tag ?? '' } : { value: given[name] ?? '', inputMode: 'decimal' },
    );
  const caps = (scope: 'Day' | 'Batch' | 'Run', legend: string) =>
    html`<fieldset>
      <legend>${legend}</legend>
      <div class="fields">
        ${limitUnits.map((unit) => field(`${unit}Per${scope}`, unitName(unit, texts)))}
      </div>
    </fieldset>`;
  return html`<form class="card" method="get" action="/studio/spend/caps/review">
    <p class="soft"><code>${account}</code></p>
    <input type="hidden" name="account" value="${account}" />
    ${tag === undefined ? field('jobs', texts.jobs, texts.jobsHint) : field('tag', texts.tag)}
    ${caps('Day', texts.perDay)}
    ${tag === undefined ? html`${caps('Batch', texts.perBatch)}${caps('Run', texts.perRun)}` : ''}
    <p class="soft">${texts.empty} ${texts.moneyHint}</p>
    <p class="row">
      <button class="main">${texts.review}</button>
      <a class="button" href="/studio/spend/caps">${texts.back}</a>
    </p>
  </form>`;
}

function faultOf(fault: FieldFault | undefined, name: LimitName | 'tag', texts: Texts) {
  if (fault?.field !== name) return undefined;
  const words = { number: texts.notNumber, whole: texts.notWhole, tag: texts.tagNeeds } as const;
  return words[fault.problem];
}

/** The field with the value that a limit had when its change was shown. */
export function beforeName(name: LimitName): string {
  return `before.${name}`;
}

/** Old and new values, and the button that changes them. */
export function reviewPage(
  { account, tag, changes }: GivenChange,
  { lang, isOutdated }: { lang: Lang; isOutdated: boolean },
): Html {
  const texts = inLanguage(capsTexts, lang);
  const back = html`<a class="button" href="/studio/spend/caps">${texts.back}</a>`;
  if (changes.length === 0)
    return html`<p>${texts.same}</p>
      ${back}`;
  const fields = changes.flatMap(({ name, before, after }) => [
    [name, after],
    [beforeName(name), before],
  ]);
  return html`${isOutdated ? html`<p class="notice warn" role="alert">${texts.outdated}</p>` : ''}
    <form class="card" method="post" action="/studio/spend/caps">
      <p class="soft"><code>${account}</code></p>
      <input type="hidden" name="account" value="${account}" />
      ${tag === undefined ? '' : html`<input type="hidden" name="tag" value="${tag}" />`}
      ${hiddenFields(Object.fromEntries(fields))}
      ${table(
        [
          { title: texts.limit },
          { title: texts.before, isNumber: true },
          { title: texts.after, isNumber: true },
        ],
        changes.map(({ name, before, after }) => [
          limitName(name, tag, texts),
          valueText(name, before, texts),
          valueText(name, after, texts),
        ]),
        { caption: texts.limits },
      )}
      <p class="soft">${texts.applies}</p>
      <p class="row"><button class="main">${texts.save}</button>${back}</p>
    </form>`;
}

function limitName(name: LimitName, tag: string | undefined, texts: Texts): string {
  if (name === 'jobs') return texts.jobs;
  const [unit = 'videos', scope = 'Day'] = name.split('Per');
  const scopes: Record<string, string> = {
    Day: tag === undefined ? texts.scopeDay : texts.scopeTag(tag),
    Batch: texts.scopeBatch,
    Run: texts.scopeRun,
  };
  return `${scopes[scope] ?? ''}: ${unitName(unit, texts)}`;
}

function unitName(unit: string, texts: Texts): string {
  if (unit === 'money') return texts.unitMoney;
  return unit === 'seconds' ? texts.unitSeconds : texts.unitVideos;
}

function valueText(name: LimitName, value: string, texts: Texts): string {
  if (value !== '') return value;
  return name === 'jobs' ? texts.ofWorkers : texts.none;
}

import { html } from 'hono/html';
import { scheduleOverlaps } from '../../client/batch/schedule-client.ts';
import {
  faultOf,
  fileFields,
  nameField,
  optionFields,
  type Entered,
} from '../batches/batch-form.ts';
import { hiddenFields, selectField, textField } from '../components/form-field.ts';
import type { Html } from '../page/layout.ts';
import { batchFormTexts } from '../texts/batch-form.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { scheduleTexts } from '../texts/schedules.ts';

/** Rows that were checked before. */
export interface StoredRows {
  /** Name of the batch that they were checked for. */
  from: string;
  manifest: string;
  count: number;
}

/** The form of a schedule: a file or stored rows, and when they run. */
export function scheduleForm(
  entered: Entered,
  { stored, lang }: { stored: StoredRows | null; lang: Lang },
): Html {
  const texts = inLanguage(scheduleTexts, lang);
  const { check, checkNote } = inLanguage(batchFormTexts, lang);
  return html`<form
    class="card"
    method="post"
    action="/studio/schedules/new"
    enctype="multipart/form-data"
    novalidate
  >
    <p>${texts.intro}</p>
    <p>${texts.dateHint}</p>
    ${stored ? storedFields(entered, { stored, lang }) : fileFields(entered, lang)}
    ${optionFields(entered, lang)} ${whenFields(entered, lang)}
    <div class="row">
      <button class="main">${check}</button><span class="soft">${checkNote}</span>
    </div>
  </form>`;
}

function storedFields(
  entered: Entered,
  { stored: { from, manifest, count }, lang }: { stored: StoredRows; lang: Lang },
): Html {
  const texts = inLanguage(scheduleTexts, lang);
  return html`${hiddenFields({ from, manifest })}
    <p>
      <strong>${texts.stored(count, from)}</strong> ·
      <a href="/studio/schedules/new">${texts.otherFile}</a>
    </p>
    ${nameField(entered, texts.nameHint, lang)}`;
}

function whenFields(entered: Entered, lang: Lang): Html {
  const texts = inLanguage(scheduleTexts, lang);
  const { fields } = entered;
  const field = (name: 'cron' | 'every' | 'catchup', hint: string) =>
    textField(
      { name, label: texts[name], hint, fault: faultOf(entered, name, lang) },
      { value: fields.get(name) ?? '' },
    );
  const pauses = (fields.get('pauseOnFailure') ?? '') !== '';
  return html`<fieldset>
    <legend>${texts.when}</legend>
    <div class="fields">
      ${field('cron', texts.cronHint)} ${field('every', texts.everyHint)}
      ${selectField(
        { name: 'overlap', label: texts.overlap },
        {
          value: fields.get('overlap') ?? 'skip',
          options: scheduleOverlaps.map((name) => [name, texts[name]] as const),
        },
      )}
      ${field('catchup', texts.catchupHint)}
    </div>
    <label class="choice">
      <input type="checkbox" name="pauseOnFailure" value="yes" ${pauses ? html`checked` : ''} />
      ${texts.pauseOnFailure}
    </label>
  </fieldset>`;
}

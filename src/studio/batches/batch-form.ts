import { html } from 'hono/html';
import { defaultBatchWindow } from '../../contract/batch.ts';
import { controlAttributes, formField, textField } from '../components/form-field.ts';
import type { Html } from '../page/layout.ts';
import { batchFormTexts, faultTexts } from '../texts/batch-form.ts';
import { scheduleTexts } from '../texts/schedules.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import type { FieldFault, FieldName } from './batch-fields.ts';

/** What is entered in a form, and what is wrong with it. */
export interface Entered {
  fields: URLSearchParams;
  faults: readonly FieldFault[];
}

/** The text of what is wrong with a field. */
export function faultOf(
  { faults }: Pick<Entered, 'faults'>,
  field: FieldName,
  lang: Lang,
): string | undefined {
  const found = faults.find((each) => each.field === field);
  if (!found) return undefined;
  const text = inLanguage(faultTexts, lang)[found.fault];
  return found.detail === undefined ? text : `${text} ${found.detail}`;
}

/** Shown above a form with errors. It has the focus, and its links lead to the fields. */
export function faultSummary({ faults }: Pick<Entered, 'faults'>, lang: Lang): Html | '' {
  if (faults.length === 0) return '';
  const { summary, ...texts } = inLanguage(batchFormTexts, lang);
  const { cron, every, catchup } = inLanguage(scheduleTexts, lang);
  const labels: Readonly<Partial<Record<FieldName, string>>> = { ...texts, cron, every, catchup };
  return html`<div class="notice bad" role="alert" tabindex="-1" data-autofocus>
    <p>${summary}</p>
    <ul>
      ${faults.map(
        ({ field }) =>
          html`<li>
            <a href="#${field}"
              >${labels[field] === undefined ? '' : `${labels[field]}: `}${faultOf({ faults }, field, lang)}</a
            >
          </li>`,
      )}
    </ul>
  </div>`;
}

/** The file and the name. */
export function fileFields(entered: Entered, lang: Lang): Html {
  const texts = inLanguage(batchFormTexts, lang);
  const { fields } = entered;
  const fault = faultOf(entered, 'file', lang);
  return html`${formField(
    { name: 'file', label: texts.file, hint: texts.fileHint, fault },
    (described) =>
      html`<input
        type="file"
        ${controlAttributes(described)}
        accept=".csv,.jsonl,.ndjson,.yaml,.yml,.txt,text/csv"
        required
      />`,
  )}
  ${nameField(entered, texts.nameHint, lang)}
  ${textField(
    {
      name: 'ignoreColumns',
      label: texts.ignoreColumns,
      hint: texts.ignoreHint,
      fault: faultOf(entered, 'ignoreColumns', lang),
    },
    { value: fields.get('ignoreColumns') ?? '' },
  )}`;
}

/** The name of a batch or schedule. */
export function nameField(entered: Entered, hint: string, lang: Lang): Html {
  const { name } = inLanguage(batchFormTexts, lang);
  return textField(
    { name: 'name', label: name, hint, fault: faultOf(entered, 'name', lang) },
    { value: entered.fields.get('name') ?? '' },
  );
}

/** Window, limits and time zone. */
export function optionFields(entered: Entered, lang: Lang): Html {
  const texts = inLanguage(batchFormTexts, lang);
  const option = (
    name: 'window' | 'capVideos' | 'capSeconds' | 'capMoney' | 'timeZone',
    { hint, inputMode }: { hint?: string; inputMode: 'text' | 'numeric' | 'decimal' },
  ) =>
    textField(
      {
        name,
        label: texts[name],
        fault: faultOf(entered, name, lang),
        ...(hint !== undefined && { hint }),
      },
      { value: entered.fields.get(name) ?? '', inputMode },
    );
  const isAnyway = (entered.fields.get('sendAnyway') ?? '') !== '';
  return html`<fieldset>
    <legend>${texts.limits}</legend>
    <p class="soft">${texts.capHint}</p>
    <div class="fields">
      ${option('window', { hint: texts.windowHint(defaultBatchWindow), inputMode: 'numeric' })}
      ${option('capVideos', { inputMode: 'numeric' })}
      ${option('capSeconds', { inputMode: 'decimal' })}
      ${option('capMoney', { inputMode: 'decimal' })}
      ${option('timeZone', { hint: texts.timeZoneHint, inputMode: 'text' })}
    </div>
    <label class="choice">
      <input type="checkbox" name="sendAnyway" value="yes" ${isAnyway ? html`checked` : ''} />
      ${texts.sendAnyway}
    </label>
  </fieldset>`;
}

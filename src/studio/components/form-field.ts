import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** A field of a form, with its hint and what is wrong with it. */
export interface FormField {
  name: string;
  /** Of the control. Default: the name. */
  id?: string | undefined;
  label: string | Html;
  hint?: string | undefined;
  fault?: string | undefined;
}

/** What a field needs to refer to its hint and its error. */
export interface Described {
  name: string;
  id: string;
  describedBy: string;
  isInvalid: boolean;
}

/** A label, the control, and their texts. The error is connected with the control, so that it is read out with it. */
export function formField(
  { name, id = name, label, hint, fault }: FormField,
  control: (described: Described) => Html,
): Html {
  const ids = [
    ...(fault === undefined ? [] : [`${id}-fault`]),
    ...(hint === undefined ? [] : [`${id}-hint`]),
  ];
  const described = { name, id, describedBy: ids.join(' '), isInvalid: fault !== undefined };
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${control(described)}
    ${fault === undefined ? '' : html`<p class="fault" id="${id}-fault">${fault}</p>`}
    ${hint === undefined ? '' : html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

/** A field for a line of text. */
export function textField(
  field: FormField,
  {
    value = '',
    inputMode = 'text',
    isRequired = false,
    list,
  }: {
    value?: string;
    inputMode?: 'text' | 'numeric' | 'decimal';
    isRequired?: boolean;
    list?: string;
  } = {},
): Html {
  return formField(
    field,
    (described) =>
      html`<input
        ${controlAttributes(described)}
        value="${value}"
        inputmode="${inputMode}"
        autocomplete="off"
        ${isRequired ? html`required` : ''}
        ${list === undefined ? '' : html`list="${list}"`}
      />`,
  );
}

/** Fields that are sent without being shown. */
export function hiddenFields(values: Readonly<Record<string, string>>): Html[] {
  return Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}

/** The attributes of a control that connect it with its texts. */
export function controlAttributes({ name, id, describedBy, isInvalid }: Described): Html {
  return html`id="${id}" name="${name}"
  ${describedBy === '' ? '' : html`aria-describedby="${describedBy}"`}
  ${isInvalid ? html`aria-invalid="true"` : ''}`;
}

/** A value and its text. */
export type Choice = readonly [value: string, text: string];

/** A choice of one. */
export function selectField(
  field: FormField,
  { value, options }: { value: string; options: readonly Choice[] },
): Html {
  return formField(
    field,
    (described) =>
      html`<select ${controlAttributes(described)}>
        ${options.map(
          ([each, text]) =>
            html`<option value="${each}" ${each === value ? html`selected` : ''}>${text}</option>`,
        )}
      </select>`,
  );
}

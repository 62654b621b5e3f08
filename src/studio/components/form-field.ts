import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** A field of a form, with its hint and what is wrong with it. */
export interface FormField {
  name: string;
  label: string;
  hint?: string;
  fault?: string | undefined;
}

/** What a field needs to refer to its hint and its error. */
export interface Described {
  id: string;
  describedBy: string;
  isInvalid: boolean;
}

/** A label, the control, and their texts. The error is connected with the control, so that it is read out with it. */
export function formField(
  { name, label, hint, fault }: FormField,
  control: (described: Described) => Html,
): Html {
  const ids = [
    ...(fault === undefined ? [] : [`${name}-fault`]),
    ...(hint === undefined ? [] : [`${name}-hint`]),
  ];
  const described = { id: name, describedBy: ids.join(' '), isInvalid: fault !== undefined };
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${control(described)}
    ${fault === undefined ? '' : html`<p class="fault" id="${name}-fault">${fault}</p>`}
    ${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
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
    ({ id, describedBy, isInvalid }) =>
      html`<input
        id="${id}"
        name="${id}"
        value="${value}"
        inputmode="${inputMode}"
        autocomplete="off"
        ${isRequired ? html`required` : ''}
        ${list === undefined ? '' : html`list="${list}"`}
        ${describedBy === '' ? '' : html`aria-describedby="${describedBy}"`}
        ${isInvalid ? html`aria-invalid="true"` : ''}
      />`,
  );
}

/** Fields that are sent without being shown. */
export function hiddenFields(values: Readonly<Record<string, string>>): Html[] {
  return Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}

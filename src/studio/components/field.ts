import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** What every field has. */
interface FieldTexts {
  /** Also the id of the control. */
  name: string;
  label: string;
  hint?: string | undefined;
  /** Why the value cannot be used. */
  fault?: string | undefined;
}

/** A labelled control. Its hint and its fault are read to it by screen readers. */
export function field({
  name,
  label,
  hint,
  fault,
  control,
}: FieldTexts & { control: (attributes: Html) => Html }): Html {
  const notes = [
    ...(hint === undefined ? [] : [`${name}-hint`]),
    ...(fault === undefined ? [] : [`${name}-fault`]),
  ].join(' ');
  const attributes = html`id="${name}" name="${name}"
  ${notes === '' ? '' : html`aria-describedby="${notes}"`}
  ${fault === undefined ? '' : html`aria-invalid="true"`}`;
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${control(attributes)}
    ${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${fault === undefined ? '' : html`<p class="fault" id="${name}-fault">${fault}</p>`}
  </div>`;
}

/** A value and its text. */
export type Choice = readonly [value: string, text: string];

/** A choice of one. */
export function selectField({
  value,
  options,
  ...texts
}: FieldTexts & { value: string; options: readonly Choice[] }): Html {
  return field({
    ...texts,
    control: (attributes) =>
      html`<select ${attributes}>
        ${options.map(
          ([each, text]) =>
            html`<option value="${each}" ${each === value ? html`selected` : ''}>${text}</option>`,
        )}
      </select>`,
  });
}

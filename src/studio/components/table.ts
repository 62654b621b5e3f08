import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** A column of a table. */
export interface Column {
  title: string;
  /** Aligned to the right. */
  isNumber?: true;
  /** Has sentences, so that it is never narrow. */
  isText?: true;
}

/** Cells of a row; the first is the header of the row. */
export type Cells = readonly (Html | string | number)[];

/** A table that scrolls within itself on a phone. */
export function table(
  columns: readonly Column[],
  rows: readonly Cells[],
  { caption, id }: { caption: string; id?: string },
): Html {
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0">
    <table ${id === undefined ? '' : html`id="${id}"`}>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(
            (column) => html`<th scope="col" class="${styleOf(column)}">${column.title}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) => cellHtml(cell, index, columns))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function styleOf({ isNumber, isText }: Column): string {
  return isNumber ? 'number' : isText ? 'sentences' : '';
}

function cellHtml(cell: Cells[number], index: number, columns: readonly Column[]): Html {
  const style = styleOf(columns[index] ?? { title: '' });
  return index === 0
    ? html`<th scope="row" class="${style}">${cell}</th>`
    : html`<td class="${style}">${cell}</td>`;
}

import type { BatchRow } from '../../contract/batch.ts';

/** Placeholder for the date of the run in key, prompt and output, so that each day of a schedule makes new videos. */
export const datePlaceholder = '{{date}}';

/** Replaces the placeholder in a row. @param date `YYYY-MM-DD`. */
export function expandDate(row: BatchRow, date: string): BatchRow {
  const { key, request, output } = row;
  const { prompt } = request.body;
  const dated = prompt === undefined ? {} : { prompt: withDate(prompt, date) };
  return {
    ...row,
    key: withDate(key, date),
    request: { ...request, body: { ...request.body, ...dated } },
    ...(output !== undefined && { output: withDate(output, date) }),
  };
}

export function withDate(text: string, date: string): string {
  return text.replaceAll(datePlaceholder, date);
}

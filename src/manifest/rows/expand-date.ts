import type { BatchRow } from '../../contract/batch.ts';

/** Stands for the day of the run in key, prompt and output, so that each day of a schedule is new work. */
export const datePlaceholder = '{{date}}';

/** The row as it is on a day. @param date As `YYYY-MM-DD`. */
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

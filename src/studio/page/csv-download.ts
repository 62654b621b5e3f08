import type { Context } from 'hono';
import type { StudioEnv } from '../ports.ts';

/** Without it, a Chinese Excel reads the bytes as GBK. */
const byteOrderMark = '\uFEFF';

/** A file for spreadsheets. @param fileName Letters, digits, `.`, `_` and `-` only. */
export function csvDownload(
  context: Context<StudioEnv>,
  { fileName, csv }: { fileName: string; csv: string },
): Response {
  return context.body(byteOrderMark + csv, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  });
}

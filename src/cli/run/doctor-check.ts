import { oneLine } from '../../contract/one-line.ts';

/** One line of `onetake doctor`. */
export interface Check {
  name: string;
  ok: boolean;
  /** The observed value. */
  found: string;
  /** What to do, if the check failed. */
  toDo?: string;
}

/** Runs one check. An error becomes its `found`. */
export async function attempt(
  name: string,
  advice: string | undefined | ((error: unknown) => string),
  check: () => Promise<string>,
): Promise<Check> {
  try {
    return { name, ok: true, found: await check() };
  } catch (error) {
    const toDo = typeof advice === 'function' ? advice(error) : advice;
    const found = oneLine(error instanceof Error ? error.message : String(error));
    return { name, ok: false, found, ...(toDo !== undefined && { toDo }) };
  }
}

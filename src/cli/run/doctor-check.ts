import { oneLine } from '../../contract/one-line.ts';

/** One line of `onetake doctor`. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was seen. */
  found: string;
  /** What to do, where it is not ok. */
  toDo?: string;
}

/** Makes one check; an error is what it has found. */
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

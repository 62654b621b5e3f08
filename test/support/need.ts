import type { TestContext } from 'vitest';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was skipped; `npm test` prints it at the end. */
    missing?: string;
  }
}

/**
 * A part that not every machine has. If it is missing, the running test is skipped with the reason.
 *
 * @throws Anything else than an `UnavailableError` of the part, which fails the test.
 */
export async function need<T>(context: TestContext, part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const reason = error.message.replaceAll(/\s+/g, ' ');
    context.task.meta.missing = reason;
    return context.skip(reason);
  }
}

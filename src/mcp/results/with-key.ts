import { ApiError } from '../../serve/http/api-error.ts';
import { toApiError } from '../../serve/http/error-table.ts';

/**
 * Adds the idempotency key to an error after a person's word. The video may have been started, and only a call with its key
 * is sure to find it.
 */
export async function withKey<T>(key: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const { status, code, message, options } = toApiError(cause);
    const details = { ...options.details, key };
    throw new ApiError(status, code, { ...options, message, details, cause });
  }
}

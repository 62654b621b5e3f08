import { maxSubmitTimeoutMs } from './defaults.ts';

/**
 * Shutdown grace time of a worker. Longer than the longest submit, so that a deploy does not interrupt a paid request
 * and make its outcome unknown.
 */
export const shutdownGraceMs = maxSubmitTimeoutMs + 10_000;

/**
 * A submit may still be running for this long after its run has ended. After that, a missing claim proves there was no
 * POST.
 */
export const submitOverMs = maxSubmitTimeoutMs + 60_000;

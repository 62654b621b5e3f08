import { maxSubmitTimeoutMs } from './defaults.ts';

/** Shutdown grace of a worker, above the longest submit: a deploy must not make a paid request's outcome unknown. */
export const shutdownGraceMs = maxSubmitTimeoutMs + 10_000;

/** So long after its run has ended a submit may still be under way; afterwards, no claim means no POST. */
export const submitOverMs = maxSubmitTimeoutMs + 60_000;

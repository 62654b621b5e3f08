/** The gateway that onetake speaks to unless told otherwise. */
export const defaultBaseUrl = 'https://88api.ai';

/**
 * The longest that one submit may take. Below the time after which the end of a run without a claim means that nothing
 * was sent (`submitOverMs`).
 */
export const maxSubmitTimeoutMs = 240_000;

/** How long a stored video answers for an equal request that names no key of its own: 1 h, as 88API publishes. */
export const defaultCacheMs = 3_600_000;

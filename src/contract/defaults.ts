/** The gateway that onetake speaks to unless told otherwise. */
export const defaultBaseUrl = 'https://88api.ai';

/** The longest that one submit may take. What has to wait for it follows in submit-times.ts. */
export const maxSubmitTimeoutMs = 240_000;

/** How long a stored video answers for an equal request that names no key of its own: 1 h, as 88API publishes. */
export const defaultCacheMs = 3_600_000;

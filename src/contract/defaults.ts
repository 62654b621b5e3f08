/** Default base URL of the gateway. */
export const defaultBaseUrl = 'https://88api.ai';

/** Maximum timeout of one submit. submit-times.ts derives other limits from it. */
export const maxSubmitTimeoutMs = 240_000;

/** Default cache time for equal requests without a key: 1 h, as 88API documents it. */
export const defaultCacheMs = 3_600_000;

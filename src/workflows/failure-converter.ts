import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts messages and stack traces of failures into a payload, which the codec then encrypts. Only for bundles of
 * workers with payload keys: without a codec it would hide them from the UI and protect nothing.
 *
 * This file must not use TypeScript syntax: when run from source, the SDK loads it with plain `require`.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });

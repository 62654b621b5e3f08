import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts messages and stacks of failures into a payload, which the codec then encrypts. Only for bundles of workers with
 * payload keys: without a codec it would hide them from the UI, and protect nothing.
 *
 * No word of TypeScript in this file: from source, the SDK loads it with a plain `require`.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });

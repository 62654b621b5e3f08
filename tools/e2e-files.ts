/** Properties of files of the e2e suite, for the runner. */

/**
 * Files that take minutes each, and the clients of the HTTP API other than openai-node. `npm test` leaves them to CI;
 * `npm run test:e2e` runs them.
 */
export const onlyInCi = [
  'admission',
  'admission-load',
  'batch-kills',
  'batch-large',
  'chaos',
  'codec',
  'cost',
  'delivery',
  'faults',
  'gateway-hooks',
  'mcp-programs',
  'operators',
  'rolling-deploy',
  'serve-browser',
  'serve-chain',
  'serve-curl',
  'serve-lossy',
  'serve-python',
  'studio-axe',
  'two-versions',
];

/** Files that use both cores or measure, so they run alone. */
export const alone = ['admission-load', 'batch-large', 'chaos', 'faults', 'upload-memory'];

/** Longest first, as measured, so that a long file does not start last. Other files follow by size. */
export const longest = [
  'operators',
  'delivery',
  'admission',
  'cost',
  'gateway-hooks',
  'batch-kills',
  'rolling-deploy',
  'two-versions',
  'serve-python',
  'serve-lossy',
  'batch',
  'storage-commands',
  'cancel',
  'schedule',
  'survive',
  'shared-work',
  'cancel-in-post',
];

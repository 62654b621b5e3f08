/** What the runner knows of single files of the e2e suite, by their names. */

/** Files of minutes each, which `npm test` leaves to CI; `npm run test:e2e` runs all of them. */
export const onlyInCi = [
  'admission',
  'admission-load',
  'batch-kills',
  'batch-large',
  'chaos',
  'codec',
  'delivery',
  'faults',
  'operators',
  'rolling-deploy',
  'two-versions',
];

/** Files that take both cores by themselves, or measure: no other file runs beside them. */
export const alone = ['admission-load', 'batch-large', 'chaos', 'faults'];

/** Longest first: what begins last should not be what takes longest. Measured; the others come by their size. */
export const longest = [
  'operators',
  'delivery',
  'admission',
  'batch-kills',
  'rolling-deploy',
  'two-versions',
  'batch',
  'storage-commands',
  'cancel',
  'schedule',
  'survive',
  'shared-work',
  'cancel-in-post',
];

import { jobFailed, stored, took, type FaultRow } from './fault-row.ts';

const everyTime = { lane: 'attempts', billed: 'yes' } as const;
const resumed = { note: 'resumes at the byte where it was interrupted' };
const other = { note: 'detected by the structure of the file; the next address has it' };

/** Faults of the transfer: interrupted, slow, too many bytes, wrong range. */
export const downloadTransfer: readonly FaultRow[] = [
  stored(79, 'dl-ok', took(1)),
  stored(92, 'dl-short-length', { ...took(2), ...resumed }),
  stored(92, 'dl-short-length=rst', {
    ...took(2, [1, 1.6]),
    note: 'a connection reset may lose bytes',
  }),
  stored(93, 'dl-chunk-cut', { ...took(2), ...resumed }),
  stored(94, 'dl-clean-cut', { ...took(3, 1.6), ...other }),
  stored(95, 'dl-60s-cut', { ...took(3, 1.48), ...other }),
  stored(96, 'dl-close-delimited', took(1)),
  jobFailed(96, 'dl-close-delimited=short', {
    ...everyTime,
    kind: 'truncated',
    ...took(8 * 3, 8 * 2 * 0.6),
    note: 'every time, at every address',
  }),
  stored(97, 'dl-length-too-small', { ...took(3, 1.6), ...other }),
  stored(98, 'dl-range-ignored', { ...took(2, 1.6), note: 'restarts, with no byte twice' }),
  stored(99, 'dl-range-ok', { ...took(2), ...resumed }),
  stored(100, 'dl-range-changed', { ...took(2, 1.62), note: 'restarts with the new file' }),
  stored(101, 'dl-range-wrong', { ...took(3, [1.6, 2.3]), note: 'the wrong range is not read' }),
  stored(101, 'dl-range-wrong=416', took(3, 1.6)),
  stored(112, 'dl-hang', { ...took(2), note: 'ended after 45 s without a byte' }),
  jobFailed(113, 'dl-oversized', {
    kind: 'too_large',
    billed: 'yes',
    ...took(3, [2 * 172, 1_000]),
    note: 'ended at DOWNLOAD_MAX_BYTES',
  }),
  jobFailed(113, 'dl-oversized=declared', {
    kind: 'too_large',
    billed: 'yes',
    ...took(3, [0, 600]),
    note: 'not read at all',
  }),
  stored(114, 'dl-gzip', took(1, [0.9, 1.1])),
];

import { stored, type FaultRow } from './fault-row.ts';

/** A few faults of the download, beside those of submit and poll. */
export const downloadSample: readonly FaultRow[] = [
  stored(80, 'dl-307-strict', { note: 'the key stays with the gateway' }),
  stored(82, 'dl-byte-exact'),
  stored(94, 'dl-clean-cut', { note: 'found by the structure of the file' }),
  stored(103, 'dl-json-error'),
  stored(115, 'dl-5xx'),
];

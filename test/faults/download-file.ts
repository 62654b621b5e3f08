import { jobFailed, stored, took, type FaultRow } from './fault-row.ts';

const everyTime = {
  lane: 'attempts',
  billed: 'yes',
  note: 'every time, at every address',
} as const;
const truncated = { ...everyTime, kind: 'truncated' } as const;
const notVideo = { ...everyTime, kind: 'not_video' } as const;

/** Faults of the file itself, over a working connection. */
export const downloadFile: readonly FaultRow[] = [
  ...['', '=binary', '=none'].map((variant) => stored(104, `dl-octet${variant}`, took(1))),
  jobFailed(105, 'dl-lying-type', { ...notVideo, ...took(8 * 3, 1.14) }),
  jobFailed(105, 'dl-lying-type=text', { ...notVideo, ...took(8 * 3, [0, 0.1]) }),
  jobFailed(105, 'dl-lying-type=html', { ...notVideo, ...took(8 * 3, [0, 0.1]) }),
  stored(106, 'dl-cut-moov=2', {
    kind: 'truncated',
    ...took(4, 1.76),
    note: 'twice; the next attempt gets it',
  }),
  jobFailed(106, 'dl-cut-moov', { ...truncated, ...took(8 * 3, 6.12) }),
  stored(107, 'dl-cut-mdat=2', { kind: 'truncated', ...took(4, 2.2) }),
  jobFailed(107, 'dl-cut-mdat', { ...truncated, ...took(8 * 3, 8 * 2 * 0.6) }),
  stored(108, 'dl-odd-but-valid', { ...took(1, 0.64), note: '`moov` last' }),
  stored(108, 'dl-odd-but-valid=size64', took(1)),
  stored(108, 'dl-odd-but-valid=open', took(1)),
  stored(109, 'dl-audio-short', {
    kind: 'truncated',
    ...took(7, 2.2),
    tells: 's of audio for',
    note: 'two attempts reject it; its declared length is complete, so the third one stores it with a warning',
  }),
  stored(110, 'dl-empty', { ...took(3), note: 'the next address has it' }),
  stored(117, 'dl-hash-path', {
    ...took(1),
    tells: 'names the SHA-256',
    note: 'reported as a warning, not fatal',
  }),
  stored(118, 'dl-disposition', { ...took(1), note: 'files are named by our ids only' }),
];

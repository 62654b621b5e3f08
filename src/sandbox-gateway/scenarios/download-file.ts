import { transfer, type Transfer } from '../answer.ts';
import { cut, notVideo, withOpenMdat, withSize64 } from '../media-fixtures.ts';
import { readMediaFile } from '../media-library.ts';
import { fileHeaders } from '../range.ts';
import type { DownloadScenario } from './scenario.ts';

/** Content of the file, over a working connection. */
export const fileScenarios: readonly DownloadScenario[] = [
  {
    number: 104,
    name: 'dl-octet',
    phase: 'download',
    line: 'application/octet-stream; =binary binary/octet-stream, =none no content type',
    variants: ['application', 'binary', 'none'],
    answer({ file, variant }) {
      const { 'Content-Type': _type, ...headers } = fileHeaders(file);
      if (variant === 'none') return transfer(200, file, headers);
      const type = variant === 'binary' ? 'binary/octet-stream' : 'application/octet-stream';
      return transfer(200, file, { ...headers, 'Content-Type': type });
    },
  },
  {
    number: 105,
    name: 'dl-lying-type',
    phase: 'download',
    line: 'video/mp4, but WebM bytes; =text, =html',
    variants: ['webm', 'text', 'html'],
    answer: ({ variant }) => {
      const kind = variant === 'text' || variant === 'html' ? variant : 'webm';
      return asVideo(notVideo[kind]);
    },
  },
  {
    number: 106,
    name: 'dl-cut-moov',
    phase: 'download',
    line: 'a complete response, the file cut before its moov; every time (=N times)',
    answer: () => asVideo(cut(readMediaFile('moov-last.mp4'))),
  },
  {
    number: 107,
    name: 'dl-cut-mdat',
    phase: 'download',
    line: 'a complete response, the file cut inside its mdat; every time (=N times)',
    answer: ({ file }) => asVideo(cut(file)),
  },
  {
    number: 108,
    name: 'dl-odd-but-valid',
    phase: 'download',
    line: 'moov last; =size64 64-bit mdat, =open mdat of size 0',
    variants: ['moov-last', 'size64', 'open'],
    answer({ file, variant, normal }) {
      if (variant === 'size64') return normal(withSize64(file));
      return normal(variant === 'open' ? withOpenMdat(file) : readMediaFile('moov-last.mp4'));
    },
  },
  {
    number: 109,
    name: 'dl-audio-short',
    phase: 'download',
    line: 'a sound file whose audio is half as long as its video',
    answer: ({ normal }) => normal(readMediaFile('audio-short.mp4')),
  },
  {
    number: 110,
    name: 'dl-empty',
    phase: 'download',
    line: '200 with 0 bytes once (=N)',
    times: 1,
    answer: () => asVideo(Buffer.alloc(0)),
  },
  {
    number: 117,
    name: 'dl-hash-path',
    phase: 'download',
    line: 'the hash in the path is not the hash of the file',
  },
  {
    number: 118,
    name: 'dl-disposition',
    phase: 'download',
    line: 'Content-Disposition with filename="../../x"',
    answer: ({ file }) =>
      transfer(200, file, {
        ...fileHeaders(file),
        'Content-Disposition': 'attachment; filename="../../x"',
      }),
  },
];

function asVideo(bytes: Buffer): Transfer {
  return transfer(200, bytes, fileHeaders(bytes));
}

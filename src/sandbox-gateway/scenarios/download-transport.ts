import { gzipSync } from 'node:zlib';
import { empty, transfer, type Transfer } from '../answer.ts';
import { requestExpired, signatureMismatch } from '../media-errors.ts';
import { padded } from '../media-fixtures.ts';
import { etagOf, fileHeaders, partial, rangeStart } from '../range.ts';
import type { DownloadContext, DownloadScenario } from './scenario.ts';

/** Of gateway time. */
const beforeBreakMs = 10_000;
const tenGigabytes = 10 * 1024 ** 3;
/** Large enough for several parts of an S3 upload, and several notes beside an unfinished file. */
const largeBytes = 40 * 1024 ** 2;

/** Transfer of the file from the media origin. */
export const transportScenarios: readonly DownloadScenario[] = [
  {
    number: 79,
    name: 'dl-ok',
    phase: 'download',
    line: '200 video/mp4 with length, ETag and ranges (as without a scenario)',
  },
  {
    number: 82,
    name: 'dl-byte-exact',
    phase: 'download',
    line: "the query contains ' besides %2f + %2B; =location reaches it through /content",
    variants: ['direct', 'location'],
    via: (variant) => (variant === 'location' ? 'content' : 'direct'),
  },
  {
    number: 86,
    name: 'dl-direct-plain',
    phase: 'download',
    line: 'result address straight on the media origin (as without a scenario)',
  },
  {
    number: 90,
    name: 'dl-expired',
    phase: 'download',
    line: 'the first address (=N addresses) gives 403 AccessDenied; the next poll has a new one; =signature',
    variants: ['access', 'signature'],
    numberSets: 'value',
    answer({ issue, value, variant, job }) {
      if (issue >= (value ?? 1)) return null;
      job.urlExpired = true;
      return variant === 'signature' ? signatureMismatch() : requestExpired(job);
    },
  },
  {
    number: 92,
    name: 'dl-short-length',
    phase: 'download',
    line: 'full Content-Length, 60 % of the bytes, FIN; once (=N); =rst reset',
    times: 1,
    variants: ['fin', 'rst'],
    answer: (context) => broken(context),
  },
  {
    number: 93,
    name: 'dl-chunk-cut',
    phase: 'download',
    line: 'chunked, cut at 60 % without the last chunk; once (=N)',
    times: 1,
    answer: (context) => ({ ...broken(context), framing: 'chunked' }),
  },
  {
    number: 94,
    name: 'dl-clean-cut',
    phase: 'download',
    line: 'chunked, ends cleanly at 60 %; once (=N)',
    times: 1,
    answer: (context) => ({ ...broken(context), framing: 'chunked', ending: 'clean' }),
  },
  {
    number: 95,
    name: 'dl-60s-cut',
    phase: 'download',
    line: 'slow, chunked, ends cleanly at 60 s of gateway time with 48 %; once (=N)',
    times: 1,
    answer({ file }) {
      const sendBytes = Math.floor(file.length * 0.48);
      const drip = { bytes: Math.ceil(sendBytes / 40), everyMs: 1_500 };
      return { ...video(file), framing: 'chunked', sendBytes, drip };
    },
  },
  {
    number: 96,
    name: 'dl-close-delimited',
    phase: 'download',
    line: 'no length, whole file, close; =short the first 60 %',
    variants: ['whole', 'short'],
    answer: (context) =>
      context.variant === 'short'
        ? { ...broken(context), framing: 'close', ending: 'clean' }
        : { ...video(context.file), framing: 'close' },
  },
  {
    number: 97,
    name: 'dl-length-too-small',
    phase: 'download',
    line: 'Content-Length says 60 % of the file, no more is sent; once (=N)',
    times: 1,
    answer: ({ file }) => {
      const shown = Math.floor(file.length * 0.6);
      return { ...video(file), declaredLength: shown, sendBytes: shown };
    },
  },
  {
    number: 98,
    name: 'dl-range-ignored',
    phase: 'download',
    line: 'cut at 60 %, then 200 with the whole file to a Range request',
    answer: (context) => (context.nth === 1 ? broken(context) : video(context.file)),
  },
  {
    number: 99,
    name: 'dl-range-ok',
    phase: 'download',
    line: 'cut at 60 % once (=N), then ranges honoured',
    times: 1,
    answer: (context) => broken(context),
  },
  {
    number: 100,
    name: 'dl-range-changed',
    phase: 'download',
    line: 'cut at 60 %, then another file with another ETag: an old If-Range gets 200',
    answer: (context) =>
      context.nth === 1 ? broken(context) : context.normal(padded(context.file, 1024)),
  },
  {
    number: 101,
    name: 'dl-range-wrong',
    phase: 'download',
    line: 'cut at 60 %, then 206 with another start to a Range request; =416',
    variants: ['start', '416'],
    answer: wrongRange,
  },
  {
    number: 111,
    name: 'dl-slow-drip',
    phase: 'download',
    line: 'one byte every 5 s of gateway time (=SECONDS)',
    numberSets: 'value',
    answer: ({ file, value }) => ({
      ...video(file),
      drip: { bytes: 1, everyMs: (value ?? 5) * 1000 },
    }),
  },
  {
    number: 112,
    name: 'dl-hang',
    phase: 'download',
    line: 'head, then nothing; once (=N)',
    times: 1,
    answer: ({ file }) => ({ ...video(file), sendBytes: 0, ending: 'hang' }),
  },
  {
    number: 113,
    name: 'dl-oversized',
    phase: 'download',
    line: 'endless body without a length; =declared Content-Length of 10 GiB',
    variants: ['endless', 'declared'],
    answer: ({ file, variant }) =>
      variant === 'declared'
        ? { ...video(file), declaredLength: tenGigabytes, endless: true }
        : { ...video(file), framing: 'chunked', endless: true },
  },
  {
    number: 114,
    name: 'dl-gzip',
    phase: 'download',
    line: 'Content-Encoding gzip, the length is the compressed one',
    answer: ({ file }) =>
      transfer(200, gzipSync(file), { 'Content-Type': 'video/mp4', 'Content-Encoding': 'gzip' }),
  },
  {
    number: 119,
    name: 'dl-head',
    phase: 'download',
    line: 'HEAD answers 404, =405, =nolength; GET as usual',
    variants: ['404', '405', 'nolength'],
    places: ['content', 'media'],
    answer({ exchange, variant, file }) {
      if (exchange.method !== 'HEAD') return null;
      if (variant === 'nolength') return { ...video(file), framing: 'close' };
      return empty(Number(variant ?? 404));
    },
  },
  {
    number: 163,
    name: 'dl-large',
    phase: 'download',
    line: 'a file of 40 MiB, ranges honoured; =PERCENT the first request stalls there',
    numberSets: 'value',
    answer({ file, value, nth, normal }) {
      const large = padded(file, largeBytes);
      if (value === null || nth > 1) return normal(large);
      const sendBytes = Math.floor((large.length * value) / 100);
      return { ...video(large), sendBytes, ending: 'hang' };
    },
  },
];

function video(file: Buffer): Transfer {
  return transfer(200, file, fileHeaders(file));
}

/**
 * Announces the whole length, sends 60 %, and breaks the connection after a pause, because unread bytes are lost with
 * the connection.
 */
function broken({ file, variant }: DownloadContext): Transfer {
  const sendBytes = Math.floor(file.length * 0.6);
  const drip = { bytes: sendBytes, everyMs: beforeBreakMs };
  return { ...video(file), sendBytes, drip, ending: variant === 'rst' ? 'reset' : 'fin' };
}

function wrongRange(context: DownloadContext): Transfer | null {
  const { file, nth, exchange, variant } = context;
  if (nth === 1) return broken(context);
  const start = rangeStart(exchange);
  if (start === null) return null;
  if (variant === '416') {
    return empty(416, { ETag: etagOf(file), 'Content-Range': `bytes */${file.length}` });
  }
  return partial(file, { start: Math.floor(start / 2), end: file.length - 1 });
}

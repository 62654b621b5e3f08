import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainError } from '../src/cli/report-error.ts';
import { oneLine } from '../src/contract/one-line.ts';
import { parseBaseUrl } from '../src/gateway/transport/base-url.ts';
import { classify } from '../src/gateway/faults/classify.ts';
import { readCreatedJob } from '../src/gateway/jobs/created-job.ts';
import { openDataUrl } from '../src/gateway/results/data-url.ts';
import { faultError } from '../src/gateway/faults/fault-error.ts';
import { resultUrls, urlInAnswer } from '../src/gateway/jobs/field-places.ts';
import { cleanMessage, readGatewayWords } from '../src/gateway/faults/gateway-words.ts';
import { readJobStatus } from '../src/gateway/jobs/job-status.ts';
import { maxEvidenceLength } from '../src/gateway/results/open-result.ts';
import { progressPercent } from '../src/gateway/jobs/progress.ts';
import { parseRawUrl, resolveLocation, speakableUrl } from '../src/gateway/transport/raw-url.ts';
import { readAnswer } from '../src/gateway/read-answer.ts';
import { maxPatternLength, redact, redactUpTo, shorten } from '../src/gateway/faults/redact.ts';
import { retryAfterMs } from '../src/gateway/transport/retry-after.ts';
import { stateOfWord } from '../src/gateway/jobs/status-words.ts';
import { linkExpiryMs, timestampMs } from '../src/gateway/jobs/timestamps.ts';
import { TransportError, toTransportError } from '../src/gateway/transport/transport-error.ts';
import { createLogger } from '../src/worker/logger.ts';
import { readManifest } from '../src/manifest/read-manifest.ts';
import { ManifestError } from '../src/manifest/manifest-error.ts';

/**
 * What a text may cost: while it is read, no timer fires and no other response is read. All take less than 50 ms on an idle
 * machine; 60 ms of CPU were seen on a busy one. A quadratic pattern takes minutes.
 */
const limitMs = 250;
const length = 1_000_000;

const secrets = ['sk-canary-0123456789', 'plain/secret+0123456789'];
const context = { base: parseBaseUrl('https://gateway.example'), jobId: 'task_1', secrets };
const task = { operation: 'status', verb: 'read the status' } as const;
const failed = (fields: object) => readJobStatus({ status: 'failed', ...fields }, context);
const logged = (format: 'json' | 'pretty', write: (line: string) => void = () => {}) =>
  createLogger({ level: 'debug', format, secrets, write });
const answered = (body: string) =>
  readAnswer({ status: 400, headers: {}, body: Buffer.from(body) }, secrets);

/** Every function of ours that reads a text which somebody else wrote. */
const readers: Record<string, (text: string) => unknown> = {
  'redact()': (text) => redact(text, secrets),
  'redactUpTo() of what is kept as evidence': (text) =>
    redactUpTo(maxEvidenceLength, { text, secrets }),
  'shorten()': (text) => shorten(text),
  'cleanMessage()': (text) => cleanMessage(text, secrets),
  'cleanMessage() of a page': (text) => cleanMessage(`<html>${text}`, secrets),
  'cleanMessage() of a list': (text) => cleanMessage([text], secrets),
  'readGatewayWords()': (text) =>
    readGatewayWords({ code: text, type: text, message: text, detail: text }, secrets),
  'classify()': (text) => {
    const fault = {
      httpStatus: 400,
      shape: 'json',
      words: readGatewayWords({ code: text }),
    } as const;
    return classify('submit', fault);
  },
  'readAnswer() of plain text': (text) => answered(text),
  'readAnswer() of an XML fault': (text) => answered(`<Error>${text}`),
  'readAnswer() of a JSON fault': (text) => answered(`{"error":"${text}"}`),
  'faultError()': (text) =>
    faultError(task, answered(`{"code":"${text}"}`), { 'retry-after': text }),
  'readCreatedJob()': (text) => readCreatedJob({ task_id: 'a', error: text, code: text }, {}),
  'readJobStatus() of a status word': (text) => readJobStatus({ status: text }, context),
  'readJobStatus() of a reason': (text) => failed({ fail_reason: text, error: { code: text } }),
  'readJobStatus() of an address': (text) =>
    readJobStatus({ status: 'done', url: text, expires_at: text, progress: text }, context),
  'resultUrls() of many': (text) => resultUrls({ results: text.match(/.{1,20}/gs) }, context),
  'resultUrls() of an address with a query': (text) =>
    resultUrls({ url: `https://m.example/?${text}` }, context),
  'urlInAnswer()': (text) => urlInAnswer({ url: text }),
  'progressPercent()': (text) => progressPercent(`1${text}x`),
  'timestampMs()': (text) => timestampMs(text),
  'linkExpiryMs()': (text) => linkExpiryMs(`https://m.example/?${text}`),
  'retryAfterMs()': (text) => retryAfterMs({ 'retry-after': text, 'retry-after-ms': text }, 0),
  'stateOfWord()': (text) => stateOfWord(text),
  'parseRawUrl()': (text) => parseRawUrl(`https://m.example/${text}`),
  'resolveLocation()': (text) => resolveLocation({ origin: 'https://m.example', path: '/a' }, text),
  'speakableUrl()': (text) => [speakableUrl(text), speakableUrl(`https://m.example/${text}`)],
  'openDataUrl()': (text) => {
    try {
      openDataUrl(`data:video/mp4;base64${text},`, task).close();
    } catch {
      // That it is no video is what is to be found out.
    }
  },
  'toTransportError()': (text) => toTransportError(new Error(text), { sent: true }),
  'the message of a log line': (text) => logged('pretty').warn(text),
  'the fields of a log line': (text) => logged('json').warn('x', { a: text, b: [text, text] }),
  'the fields of a log line for people': (text) =>
    logged('pretty').warn('x', { a: text, error: new Error(text, { cause: new Error(text) }) }),
  'oneLine()': (text) => oneLine(text),
  'the error of a command': (text) =>
    explainError(new TransportError('timeout', text, { sent: true })),
};

const units = [
  ...' |a|a.|1|視|"|/|%2|<|<style|<script>|<div>|<Error><Code>a|?|?sign|?a=|key=|://|a://'.split(
    '|',
  ),
  ...'//a@|data:|data:a|;base64|; |bearer |sk-|sk-a|(request id:|(request id: |{|{"a":|['.split(
    '|',
  ),
  ...'SensitiveContent|/../|&a|sk-canary-0123456789'.split('|'),
  ' \n',
  '\\',
  '\0',
  '\ud83d\ude00',
  '\ud800',
];

const texts = units.map((unit) => [unit, ofLength(unit)] as const);

function ofLength(unit: string): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** The best of some runs: a busy machine makes a run slower, never faster. */
function costMs(run: () => unknown, limit: number): number {
  let best = Infinity;
  for (let attempt = 1; attempt <= 5 && best >= limit; attempt += 1) {
    const before = process.cpuUsage();
    const begunAt = performance.now();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000, performance.now() - begunAt);
  }
  return best;
}

describe('a megabyte of a stranger costs less than a quarter of a second', () => {
  test.each(Object.entries(readers))('%s', { timeout: 60_000 }, (_, read) => {
    for (const [unit, text] of texts) {
      expect(
        costMs(() => read(text), limitMs),
        JSON.stringify(unit),
      ).toBeLessThan(limitMs);
    }
  });

  test('whatever it is made of', { timeout: 60_000 }, () => {
    const pieces = fc.array(fc.constantFrom(...units), { minLength: 2, maxLength: 4 });
    const ending = fc.constantFrom('', 'x', '!', '>', ')', '"');
    const reader = fc.constantFrom(...Object.keys(readers));
    fc.assert(
      fc.property(reader, pieces, ending, (name, parts, last) => {
        const [first = '', ...others] = parts;
        const text = first + ofLength(others.join('')) + last;
        expect(costMs(() => readers[name]?.(text), limitMs)).toBeLessThan(limitMs);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is cut still holds no secret', () => {
  const shapes = [
    ...secrets,
    'Bearer abcdefghijklmnop',
    `sk-${'abcdefghijklmnopqrstuvwxyz'}`,
    'https://user:hush@m.example/a?Signature=hush&Expires=1',
    '/a?token=hush',
    `data:video/mp4;base64,${'QUJD'.repeat(40)}`,
  ];
  /** Two letters of one more than the text around it has: `sk`, `sc`, `ha`. */
  const pieces = /canary|plain|secret|bcde|hus|hush|QUJD/;

  test.each(shapes)('%s, wherever the cut falls', (shape) => {
    for (
      let before = maxPatternLength - shape.length - 5;
      before < maxPatternLength + 5;
      before += 1
    ) {
      const text = `${'視 '.repeat(2_000).slice(0, before - 1)} ${shape} ${'視'.repeat(2_000)}`;
      const shown = [redact(text, secrets), cleanMessage(text, secrets).message ?? ''];
      logged('json', (line) => shown.push(line)).warn(text, { text });
      for (const each of shown) expect(each, `at ${before}`).not.toMatch(pieces);
    }
  });

  test('the words before it stay, and a mark says that there was more', () => {
    const text = `Words that explain it ${'a'.repeat(3_000)}`;
    const shown = redact(text);
    expect(shown).toMatch(/^Words that explain it a+…$/);
    expect(shown.length).toBeLessThanOrEqual(maxPatternLength);
  });

  test('the request id behind many words is found', () => {
    const text = `${'words '.repeat(2_000)}(request id: 2026x)`;
    expect(cleanMessage(text)).toMatchObject({ requestId: '2026x' });
  });
});

describe('what a stranger sends is bounded before it is kept or shown', () => {
  const long = 'x'.repeat(length);

  test('codes, types and status words', () => {
    const words = readGatewayWords({ error: { code: long, type: long, message: 'm' } });
    expect(words.code?.length).toBeLessThanOrEqual(200);
    expect(words.type?.length).toBeLessThanOrEqual(200);
    const status = readJobStatus({ status: long }, context);
    expect(status).toMatchObject({ state: 'running' });
    expect(status?.unknownWord?.length).toBeLessThanOrEqual(100);
  });

  test('a code that echoes a secret', () => {
    const [secret = ''] = secrets;
    expect(readGatewayWords({ code: `bad ${secret}`, message: 'm' }, secrets).code).toBe(
      'bad [key]',
    );
  });

  test('lists of addresses', () => {
    const results = Array.from({ length: 10_000 }, (_, index) => `https://m.example/${index}`);
    expect(resultUrls({ results }, context).length).toBeLessThanOrEqual(101);
  });

  test('escape sequences do not reach a terminal', () => {
    expect(cleanMessage('a\u001b[2Jb\u009b31m\rc\nd').message).toBe('a [2Jb 31m c\nd');
  });

  test('a value that is nested without end', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
    expect(cleanMessage(deep).message).toBe('[[[[["…"]]]]]');
  });
});

describe('a manifest of a stranger', () => {
  test.each(['{{', '{{a', ' ', '\\', '=', 'a='])('a prompt of "%s"', async (unit) => {
    const row = JSON.stringify({ model: 'm', prompt: ofLength(unit), output: ofLength(unit) });
    const begunAt = process.cpuUsage();
    await readManifest(Buffer.from(row), {
      name: 'a.jsonl',
      date: '2026-11-29',
      referToImage: async () => ({ problem: 'none' }),
    }).catch((error: unknown) => expect(error).toBeInstanceOf(ManifestError));
    // Not the limit of a single text: it is read, checked, and digested. A quadratic pattern takes minutes.
    expect(process.cpuUsage(begunAt).user / 1_000).toBeLessThan(2_000);
  });
});

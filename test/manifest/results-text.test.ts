import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BatchRowResult } from '../../src/contract/batch.ts';
import { resultsCsv, resultsJsonl } from '../../src/manifest/results-text.ts';

const stored: BatchRowResult = {
  key: 'a',
  line: 2,
  videoId: 'video/cats/a',
  state: 'stored',
  origin: 'started',
  billed: 'yes',
  jobId: 'task_1',
  video: {
    key: 'videos/a.mp4',
    uri: 'file:///a.mp4',
    sha256: 'ff',
    sizeBytes: 12,
    durationSeconds: 5.04,
  },
  output: 'a, b.mp4',
};

function failed(message: string): BatchRowResult {
  const failure = { kind: 'moderation', message, billed: 'no' } as const;
  return {
    key: 'b',
    line: 3,
    videoId: 'video/cats/b',
    state: 'failed',
    origin: 'started',
    billed: 'no',
    failure,
  };
}

describe('resultsCsv()', () => {
  test('gives a line for each result, under the dotted names of its fields', () => {
    expect(resultsCsv([stored, failed('No "cats"')])).toBe(
      [
        'line,key,state,origin,billed,videoId,jobId,output,video.key,video.uri,video.sha256,video.sizeBytes,video.durationSeconds,failure.kind,failure.message',
        '2,a,stored,started,yes,video/cats/a,task_1,"a, b.mp4",videos/a.mp4,file:///a.mp4,ff,12,5.04,,',
        '3,b,failed,started,no,video/cats/b,,,,,,,,moderation,"No ""cats"""',
        '',
      ].join('\n'),
    );
  });

  test('gives the header alone when there are no results yet', () => {
    expect(resultsCsv([])).toMatch(/^line,key,.*\n$/);
  });

  test('has no cell that a spreadsheet would run', () => {
    const start = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '');
    fc.assert(
      fc.property(start, fc.string(), (first, rest) => {
        const text = resultsCsv([failed(first + rest)]);
        const records = parse(text, { record_delimiter: '\n' }) as string[][];
        for (const cell of records.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect(records[1]?.at(-1)?.endsWith(first + rest)).toBe(true);
      }),
    );
  });
});

test('resultsJsonl() gives each result as a line of JSON', () => {
  const text = resultsJsonl([stored, failed('a\nb')]);
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([stored, failed('a\nb')]);
  expect(resultsJsonl([])).toBe('');
});

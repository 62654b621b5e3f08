import { readFile } from 'node:fs/promises';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { describe, expect, test } from 'vitest';
import { clearParts } from '../support/clear-parts.ts';

const histories = new URL('../fixtures/histories/', import.meta.url);
const read = (name: string) => readFile(new URL(`${name}.json`, histories), 'utf8');
const base64 = (text: string) => Buffer.from(text).toString('base64');

function partsOf(json: string): string[] {
  return clearParts(historyFromJSON(JSON.parse(json)).events ?? []);
}

/** As a worker with keys would have written it. */
function encrypted(json: string): string {
  const encodings = ['json/plain', 'binary/null'].map(base64).join('|');
  return json
    .replaceAll(
      new RegExp(`"encoding": ?"(${encodings})"`, 'g'),
      `"encoding":"${base64('binary/encrypted')}"`,
    )
    .replaceAll(/"message": ?"[^"]*"/g, '"message":"Encoded failure"');
}

describe('the search for what is in the clear', () => {
  test('finds prompts, results and messages of failures in a history without encryption', async () => {
    const stored = partsOf(await read('stored-videos')).join('\n');
    for (const part of [
      'StartedEventAttributes, input',
      'ScheduledEventAttributes, input',
      'result',
    ])
      expect(stored).toContain(part);
    expect(partsOf(await read('failed-job')).join('\n')).toMatch(/failure ".+"/);
  });

  test('finds the one thing that is not encrypted', async () => {
    const json = encrypted(await read('stored-videos'));
    const clear = json.replace(base64('binary/encrypted'), base64('json/plain'));
    expect([partsOf(json), partsOf(clear)]).toEqual([[], [expect.stringMatching(/^event \d/)]]);
  });

  test('leaves search attributes, and starts of callers by name, who may have no key', async () => {
    const { events } = historyFromJSON(JSON.parse(await read('stored-videos')));
    const found = events?.find((event) => event.workflowExecutionStartedEventAttributes);
    const started = { ...found?.workflowExecutionStartedEventAttributes };
    const { memo: _, ...byName } = started;
    const upserts = (events ?? []).filter(
      (event) => event.upsertWorkflowSearchAttributesEventAttributes,
    );
    expect(clearParts([{ workflowExecutionStartedEventAttributes: started }])).not.toEqual([]);
    expect(clearParts([{ workflowExecutionStartedEventAttributes: byName }])).toEqual([]);
    expect(upserts).not.toEqual([]);
    expect(clearParts(upserts)).toEqual([]);
  });
});

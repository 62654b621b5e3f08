import { describe, expect, test } from 'vitest';
import { problemsOf } from './read.ts';

const cat = '{"model": "kling-v1", "prompt": "A cat"}';

describe('a JSONL manifest is refused for', () => {
  test.each<[string, string, RegExp[]]>([
    [
      'a line that is no JSON',
      `${cat}\r\n\r\n{"model": \n`,
      [/^3: it is not JSON \(.*\): write a whole object on one line$/],
    ],
    [
      'a line that is no object',
      `${cat}\n7\n"x"`,
      [/^2: a row must be a JSON object, not "7"$/, /^3: .*not "x"$/],
    ],
    [
      'one list of all',
      `[${cat}]`,
      [/^1: it is one JSON list: write one object per line, without commas$/],
    ],
    [
      'defaults that are no object',
      '{"defaults": [1]}',
      [/^1 defaults: must be an object, not a list$/],
    ],
    ['defaults alone', '{"defaults": {"model": "kling-v1"}}', [/^it has no rows$/]],
    [
      'defaults that come late',
      `${cat}\n{"defaults": {}}`,
      [/^2 defaults: unknown column/, /^2 model: is missing/, /^2 prompt: is missing/],
    ],
    [
      'a list that is nested by the thousand',
      `${cat}\n${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      [/^2: /],
    ],
    [
      'metadata that is nested by the thousand',
      `{"model": "m", "prompt": "p", "metadata": {"a": ${'['.repeat(5_000)}${']'.repeat(5_000)}}}`,
      [/^1 metadata: has more than 100 levels$/],
    ],
  ])('%s', async (_, text, problems) => {
    const found = await problemsOf(text, { name: 'rows.jsonl' });
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem);
  });
});

describe('a YAML manifest is refused for', () => {
  test.each<[string, string, string[]]>([
    [
      'a broken list',
      '- model: a\n  prompt: [b\n- model: c\n',
      [
        '3: it cannot be read as YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    ],
    [
      'a field twice',
      'rows:\n  - model: a\n    prompt: b\n    model: c\n',
      ['4: it cannot be read as YAML: Map keys must be unique'],
    ],
    [
      'tabs',
      'rows:\n\t- model: a\n',
      ['2: it cannot be read as YAML: Tabs are not allowed as indentation'],
    ],
    [
      'an unknown tag',
      '- model: !python/object a\n',
      ['1: it cannot be read as YAML: Unresolved tag: !python/object'],
    ],
    [
      'aliases',
      'defaults: &a\n  model: kling-v1\nrows:\n  - *a\n  - *a\n',
      [
        '4: YAML aliases (*name) are not supported: repeat the value, or use defaults',
        '5: YAML aliases (*name) are not supported: repeat the value, or use defaults',
      ],
    ],
    [
      'a second document',
      '- prompt: a\n---\n- prompt: b\n',
      ['2: a second YAML document begins here: keep one'],
    ],
    [
      'nesting by the thousand',
      `- model: a\n  metadata: ${'['.repeat(20_000)}`,
      ['2: it is nested in more than 100 levels'],
    ],
    [
      'lists in one line by the thousand',
      '- '.repeat(20_000),
      ['1: it is nested in more than 100 levels'],
    ],
    [
      'a text instead of rows',
      'just a text',
      ['1: it must be a list of rows, or defaults: and rows:'],
    ],
    ['nothing but a comment', '# rows\n', ['it has no rows']],
    ['an empty list', 'rows: []\n', ['it has no rows']],
    [
      'no rows',
      'defalts:\n  model: a\nrow:\n  - prompt: b\n',
      [
        '1 defalts: is neither "defaults" nor "rows"; did you mean "defaults"?',
        '1 rows: is missing or is not a list of rows',
        '3 row: is neither "defaults" nor "rows"; did you mean "rows"?',
      ],
    ],
    [
      'rows that are texts',
      'rows:\n  - A cat\n  -\n',
      ['2: it must be a map of fields, not "A cat"', '3: it must be a map of fields, not "null"'],
    ],
    [
      'defaults that say nothing',
      'defaults:\nrows:\n  - {model: a, prompt: b}\n',
      ['1: it must be a map of fields, not "null"'],
    ],
    [
      'numbers where a text is due',
      'rows:\n\n  - model: kling-v1\n    prompt: A cat\n    key: 007\n',
      ['3 key: "7" must be a text: put it in quotes'],
    ],
    [
      'values that JSON does not know',
      '- model: kling-v1\n  prompt: A cat\n  metadata: {a: .inf, b: !!binary aGk=}\n',
      ['1 metadata: "Infinity" cannot be written as JSON: put it in quotes'],
    ],
  ])('%s', async (_, text, problems) => {
    expect(await problemsOf(text, { name: 'rows.yaml' })).toEqual(problems);
  });
});

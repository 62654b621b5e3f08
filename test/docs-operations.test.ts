import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { metrics } from '../src/contract/metrics.ts';
import { taskQueues } from '../src/contract/task-queues.ts';
import { claimObjectKey, imageKey, videoKey } from '../src/identity/object-key.ts';

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');
const text = await read('docs/operations.md');

describe('docs/operations.md', () => {
  test('names all queues, and the object keys that are really made', async () => {
    expect(Object.values(taskQueues).filter((name) => !text.includes(name))).toEqual([]);
    const makers = { video: videoKey, claim: claimObjectKey, image: imageKey };
    const rows = [...text.matchAll(/^\| (video|claim|image) `(.+?)` \| `(.+?)` \|$/gm)];
    expect(rows).toHaveLength(3);
    for (const [, kind, id = '', key] of rows) {
      expect(makers[kind as keyof typeof makers](id)).toBe(key);
    }
  });

  test('repeats the table of metrics', async () => {
    const expected = Object.entries(metrics).map(([name, { kind, labels, help }]) => {
      const listed = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${kind} | ${listed} | ${help} |`.replaceAll(/ +/g, ' ');
    });
    const rows = text.split('\n').filter((line) => line.startsWith('| `onetake_'));
    expect(rows.map((row) => row.replaceAll(/ +/g, ' '))).toEqual(expected);
  });

  test('says of each alert what to do', async () => {
    const rules = parse(await read('deploy/alerts/onetake.yaml')) as {
      groups: { rules: { alert: string }[] }[];
    };
    const alerts = rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert));
    const named = [...text.matchAll(/^\| `(Onetake\w+)` \| .+ \| .+ \|$/gm)].map(
      ([, name]) => name,
    );
    expect(named).toEqual(alerts);
  });
});

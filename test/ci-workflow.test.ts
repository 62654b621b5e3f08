import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { newestLts } from '../tools/newest-lts.ts';

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

const jobSchema = z.looseObject({
  strategy: z
    .looseObject({
      matrix: z.strictObject({ node: z.array(z.string()), os: z.array(z.string()).optional() }),
    })
    .optional(),
  steps: z.array(z.looseObject({ run: z.string().optional() })),
});
const workflow = z
  .looseObject({ jobs: z.record(z.string(), jobSchema) })
  .parse(parse(await read('.github/workflows/ci.yml')));

function commandsOf(job: string): string[] {
  return (workflow.jobs[job]?.steps ?? []).flatMap(({ run }) => run ?? []);
}

describe('the workflow of GitHub', () => {
  test('runs the commands of .ci/run, with the unit tests in the place of all suites', async () => {
    const commands = [...(await read('.ci/run')).matchAll(/^npm .+$/gm)].map(([line]) => line);
    expect(commands.at(-1)).toBe('npm run test:ci');
    expect(commandsOf('unit')).toEqual([...commands.slice(0, -1), 'npm run test:unit']);
    expect(commandsOf('all-suites')).toEqual(['.ci/run']);
  });

  test('covers the oldest Node that package.json allows up to the newest LTS, and macOS', async () => {
    const { engines } = z
      .object({ engines: z.object({ node: z.string() }) })
      .parse(JSON.parse(await read('package.json')));
    const [, oldest = ''] = /^\^(\d+\.\d+)/.exec(engines.node) ?? [];
    const [newest = ''] = newestLts.split('.');
    const unit = workflow.jobs['unit']?.strategy?.matrix;
    expect(unit?.node).toEqual([oldest, '22', newest]);
    expect(unit?.os).toEqual(['ubuntu-latest', 'macos-latest']);
    expect(workflow.jobs['demo']?.strategy?.matrix.node).toEqual(unit?.node);
  });
});

test('the forms for issues are complete: each field has a name of its own', async () => {
  const folder = '.github/ISSUE_TEMPLATE';
  const names = await readdir(new URL(`../${folder}`, import.meta.url));
  const formSchema = z.strictObject({
    name: z.string(),
    description: z.string(),
    labels: z.array(z.string()),
    body: z.array(z.looseObject({ type: z.string(), id: z.string().optional() })),
  });
  for (const name of names.filter((file) => file !== 'config.yml')) {
    const { body } = formSchema.parse(parse(await read(`${folder}/${name}`)));
    const ids = body.filter(({ type }) => type !== 'markdown').map(({ id }) => id);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { codecConfig } from '../../src/config/codec-config.ts';
import { alone, longest, onlyInCi } from '../../tools/e2e-files.ts';
import { ciParts, stands, suiteArguments } from '../../tools/e2e-stands.ts';

const files = await readdir(new URL('../e2e/', import.meta.url));

test.each(Object.entries({ onlyInCi, alone, longest }))('%s names tests that exist', (_, names) => {
  expect(files).toEqual(expect.arrayContaining(names.map((name) => `${name}.test.ts`)));
});

test.each(Object.entries(ciParts))('what CI runs with %s are tests that exist', (_, names) => {
  expect(files).toEqual(expect.arrayContaining(names.map((name) => `${name}.test.ts`)));
});

test('the run with encryption has a key that clients and workers take, another one each time', async () => {
  const [one, other] = [await stands.codec(), await stands.codec()];
  expect(codecConfig(one.env).keys).toMatchObject([{ id: 'e2e' }]);
  expect(one.env).not.toEqual(other.env);
});

test('what does not run on a stand is named to vitest by paths that exist, and CI asks for none of it', async () => {
  const stand = await stands.codec();
  const excluded = suiteArguments(stand).filter((argument) => argument.endsWith('.test.ts'));
  const names = excluded.map((path) => path.replace('test/e2e/', ''));
  expect(names).toHaveLength(stand.elsewhere.length);
  expect(files).toEqual(expect.arrayContaining(names));
  expect(names.filter((name) => ciParts.codec.some((part) => name === `${part}.test.ts`))).toEqual(
    [],
  );
});

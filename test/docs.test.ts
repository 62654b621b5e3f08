import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { messageNames, videoPhases } from '../src/contract/messages.ts';
import { searchAttributeNames } from '../src/contract/search-attributes.ts';
import { taskQueues, workflowTypes } from '../src/contract/task-queues.ts';
import { errorsDoc, errorsDocPath } from '../tools/write-errors-doc.ts';
import { faultsDoc, faultsDocPath } from '../tools/write-faults-doc.ts';
import { compileExamples } from './support/compile-examples.ts';
import { falseHops, readWalks } from './support/walks.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const unread = new Set(['node_modules', 'dist', 'dist-client', '.git', 'fixtures', 'storage']);
const pages = (await filesUnder(root, '.md')).map((path) => relative(root, path));
const read = (path: string) => readFile(join(root, path), 'utf8');

describe('the documents', () => {
  test('are where a reader looks for them', () => {
    const atRoot = ['README', 'ARCHITECTURE', 'CONTRIBUTING', 'CHANGELOG', 'SECURITY'];
    const expected = atRoot.map((name) => `${name}.md`);
    const inDocs = ['docs/errors.md', 'docs/calling.md', 'docs/releasing.md'];
    expect(pages).toEqual(expect.arrayContaining([...expected, ...inDocs]));
  });

  test('say of each failure kind what the table in the contract says', async () => {
    expect(await readFile(errorsDocPath, 'utf8')).toBe(errorsDoc());
  });

  test('say of each fault what the table of the e2e test says', async () => {
    expect(await readFile(faultsDocPath, 'utf8')).toBe(faultsDoc());
  });

  test.each(pages)('link to places that exist: %s', async (page) => {
    expect(await brokenLinks(page)).toEqual([]);
  });

  test.each(pages)('name nothing outside of the project: %s', async (page) => {
    expect(await read(page)).not.toContain(root);
    expect(await read(page)).not.toContain(['..', 'shared'].join('/'));
  });

  test('show examples that compile', async () => {
    const docs = ['calling', 'onetake-client', 'webhooks'].map((name) => `docs/${name}.md`);
    const examples = await Promise.all(['README.md', ...docs].map(tsBlocks));
    expect(examples.map((blocks) => blocks.length > 0)).toEqual([true, true, true, true]);
    const inDocstrings = await docstringExamples();
    expect(inDocstrings.length).toBeGreaterThanOrEqual(10);
    expect(await compileExamples(root, [...examples.flat(), ...inDocstrings])).toBe('');
  }, 60_000);
});

describe('README.md', () => {
  test('names the two commands, and reaches the first by line 15', async () => {
    const text = await read('README.md');
    const first = text.split('\n').findIndex((line) => line.startsWith('```'));
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(15);
    expect(text).toContain('npm ci && npm run demo');
    expect(text).toContain('npm ci && npm test');
  });

  test('and the other pages name npm scripts that exist', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: object };
    const texts = await Promise.all(pages.map(read));
    const named = texts.flatMap((text) => [...text.matchAll(/npm run ([\w:]+)/g)]);
    const strangers = named.map(([, name = '']) => name).filter((name) => !(name in scripts));
    expect(strangers).toEqual([]);
  });
});

describe('docs/calling.md', () => {
  test('uses the names of the contract', async () => {
    const text = await read('docs/calling.md');
    const names = [
      ...Object.values(messageNames),
      ...Object.values(workflowTypes),
      ...videoPhases,
      ...searchAttributeNames,
      taskQueues.workflows,
    ];
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });

  test('gives JSON that parses', async () => {
    const blocks = fenced(await read('docs/calling.md'), 'json');
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) expect(() => JSON.parse(block)).not.toThrow();
  });
});

describe('ARCHITECTURE.md', () => {
  test('says of each room what the lint refuses and what the code imports', async () => {
    const rows = tableRows(await read('ARCHITECTURE.md'));
    const rooms = await lintedRooms();
    expect(rows.map(([files]) => files)).toEqual(rooms.map(({ files }) => files));
    for (const [index, { files, refused }] of rooms.entries()) {
      const [, imports, documented] = rows[index] ?? [];
      expect({ files, documented }).toEqual({ files, documented: refused });
      expect({ files, imports }).toEqual({ files, imports: await importsOf(files) });
    }
  });

  test('is right that nothing in src imports a barrel', async () => {
    const sources = await Promise.all((await filesUnder(join(root, 'src'), '.ts')).map(readAt));
    const pattern = /from '[^']*(contract|workflows)\/index\.ts'/;
    expect(sources.filter((source) => pattern.test(source))).toEqual([]);
  });
});

const walks = readWalks(await read('ARCHITECTURE.md'));

describe('a walk in ARCHITECTURE.md', () => {
  test('follows eight things through the code', () => {
    expect(walks.map(({ hops }) => hops.length > 3)).toEqual(Array(8).fill(true));
  });

  test.each(walks)('names files and functions that lead to one another: $title', (walk) => {
    expect(falseHops(root, walk)).toEqual([]);
  });
});

describe('docs/decisions', () => {
  test('are all in their index', async () => {
    const named = (await read('docs/decisions/README.md')).matchAll(/\]\((\d{4}-[^)]+)\)/g);
    const files = (await readdir(join(root, 'docs/decisions'))).filter((name) => /^\d/.test(name));
    expect([...named].map(([, file]) => file)).toEqual(files.toSorted());
  });
});

describe('CONTRIBUTING.md', () => {
  test('breaks a line that is in the code', async () => {
    const [block = ''] = fenced(await read('CONTRIBUTING.md'), 'ts');
    const line = block.replace(' && Date.now() < 0', '').trim();
    expect(line).not.toBe(block.trim());
    expect(await read('src/activities/submit/submit-video.ts')).toContain(line);
  });
});

async function brokenLinks(page: string): Promise<string[]> {
  const text = withoutFences(await read(page));
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const broken: string[] = [];
  for (const target of targets.filter((link) => !/^[a-z]+:/.test(link))) {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
    if (!existsSync(file) || (anchor && !(await anchorsOf(file)).has(anchor))) broken.push(target);
  }
  return broken;
}

/** As GitHub makes them from headings. */
async function anchorsOf(file: string): Promise<Set<string>> {
  const headings = withoutFences(await readAt(file)).matchAll(/^#+ (.+)$/gm);
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
  return new Set([...headings].map(([, heading = '']) => slug(heading)));
}

async function tsBlocks(page: string): Promise<string[]> {
  return fenced(await read(page), 'ts');
}

/** The `@example` blocks of the public entries. */
async function docstringExamples(): Promise<string[]> {
  const clients = await filesUnder(join(root, 'src/client'), '.ts');
  const contracts = await filesUnder(join(root, 'src/contract'), '.ts');
  const sources = await Promise.all(
    [join(root, 'src/client.ts'), ...clients, ...contracts].map(readAt),
  );
  return sources.flatMap((source) => fenced(source.replace(/^ *\* ?/gm, ''), 'ts'));
}

function fenced(text: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...text.matchAll(pattern)].map(([, block = '']) => block);
}

function withoutFences(text: string): string {
  return text.replace(/^```.*?^```$/gms, '');
}

/** The rows of the table with a room in their first cell, files without their code marks. */
function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('| `src/'));
  return lines.map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.replaceAll('`', '')),
  );
}

async function lintedRooms(): Promise<{ files: string; refused: string }[]> {
  interface Override {
    files: string[];
    rules: Record<string, [string, { patterns: { group: string[] }[] }]>;
  }
  const { overrides } = JSON.parse(await read('.oxlintrc.json')) as { overrides: Override[] };
  return overrides.flatMap(({ files, rules }) => {
    const [, options] = rules['no-restricted-imports'] ?? [];
    if (!options) return [];
    const refused = options.patterns.flatMap(({ group }) => group).map(roomName);
    return [{ files: files.join(', '), refused: [...new Set(refused)].join(', ') }];
  });
}

function roomName(pattern: string): string {
  return /^\*\*\/([a-z0-9-]+)(?:\/\*\*|\.ts)$/.exec(pattern)?.[1] ?? pattern;
}

/** The rooms that the files of one room name in their imports, sorted. */
async function importsOf(patterns: string): Promise<string> {
  const found = new Set<string>();
  for (const pattern of patterns.split(', ')) {
    const place = join(root, pattern.replace('/**', ''));
    const own = roomOf(place);
    for (const file of place.endsWith('.ts') ? [place] : await filesUnder(place, '.ts')) {
      const imports = (await readAt(file)).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g);
      for (const [, path = ''] of imports) found.add(roomOf(resolve(dirname(file), path)));
    }
    found.delete(own);
  }
  return [...found].toSorted((a, b) => a.localeCompare(b)).join(', ') || 'nothing';
}

function roomOf(path: string): string {
  return relative(join(root, 'src'), path).split('/')[0]?.replace('.ts', '') ?? '';
}

function readAt(path: string): Promise<string> {
  return readFile(path, 'utf8');
}

async function filesUnder(folder: string, extension: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return unread.has(entry.name) ? [] : filesUnder(path, extension);
    return entry.name.endsWith(extension) ? [path] : [];
  });
  return (await Promise.all(nested)).flat();
}

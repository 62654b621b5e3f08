import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API, SymbolFlags, type Checker, type Symbol as TsSymbol } from 'typescript/unstable/sync';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = await readdir(join(root, 'src/client'), { recursive: true });
const rooms = names.filter((name) => name.endsWith('.ts')).map((name) => `src/client/${name}`);
const files = ['src/client.ts', 'src/contract/index.ts', ...rooms];

const api = new API({ cwd: root });
afterAll(() => api.close());
const project = api
  .updateSnapshot({ openProject: join(root, 'tsconfig.json') })
  .getProject(join(root, 'tsconfig.json'));

test.each(files)('every export of %s, and every method of one, has a docstring', (file) => {
  expect(undocumented(file)).toEqual([]);
});

function undocumented(file: string): string[] {
  const source = project?.program.getSourceFile(join(root, file));
  const module = source && project?.checker.getSymbolAtLocation(source);
  if (!module || !project) throw new Error(`"${file}" is not in the project, or exports nothing`);
  const { checker } = project;
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const isAlias = (exported.flags & SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    const parts = [symbol, ...methodsOf(symbol)];
    return parts.filter((part) => !isDocumented(part, checker)).map(({ name }) => name);
  });
}

function methodsOf(symbol: TsSymbol): TsSymbol[] {
  const members = [...symbol.getMembers().values()];
  return members.filter(({ flags }) => (flags & SymbolFlags.Method) !== 0);
}

/** A tag such as `@throws` alone says something, too. */
function isDocumented(symbol: TsSymbol, checker: Checker): boolean {
  return symbol.getDocumentationComment(checker).trim() !== '';
}

import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

/** Entries of the package `onetake` that `onetake-client` has too, under the same names. */
const entries = ['.', './contract', './nexus', './package.json'];
const description =
  'The client of onetake: starts, follows and reads videos that onetake workers make. No worker and no native code.';

export interface PackageManifest {
  name: string;
  version: string;
  description: string;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
  [field: string]: unknown;
}

/** Files and packages that the given files import, directly or indirectly. */
export interface Reached {
  files: string[];
  packages: string[];
}

/**
 * Writes the package `onetake-client` from the output of `npm run build`: the compiled files that its entries import,
 * and a `package.json` with only the dependencies of these files.
 *
 * @throws {Error} A file imports a package that `onetake` does not declare.
 */
export async function writeClientPackage(root: string, target: string): Promise<void> {
  const main = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageManifest;
  const { files, packages } = await reach(root, entryFiles(main));
  const manifest = clientManifest(main, packages);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await cp(join(root, 'LICENSE'), join(target, 'LICENSE'));
  await cp(join(root, 'docs/onetake-client.md'), join(target, 'README.md'));
  for (const file of files) await cp(join(root, file), join(target, file));
}

/** @throws {Error} An imported package is not a dependency of `onetake`. */
export function clientManifest(main: PackageManifest, packages: readonly string[]): object {
  const pinned = packages.map((name) => {
    const version = main.dependencies[name];
    if (version === undefined) {
      throw new Error(`Cannot pack the client: it imports "${name}", which is not a dependency`);
    }
    return [name, version];
  });
  const { version, license, keywords, type, engines, exports } = main;
  return {
    name: 'onetake-client',
    version,
    description,
    keywords,
    license,
    files: ['dist'],
    type,
    sideEffects: false,
    exports: Object.fromEntries(entries.map((entry) => [entry, exports[entry]])),
    dependencies: Object.fromEntries(pinned),
    engines,
  };
}

/** Code and types of the entries, as paths from the root of the package. */
export function entryFiles({ exports }: PackageManifest): string[] {
  return entries.flatMap((name) => {
    const entry = exports[name];
    return typeof entry === 'object' ? [entry.default, entry.types].map(normalize) : [];
  });
}

/** Module names in `import … from`, `export … from` and `import …` at the start of a line, and in `import(…)`. */
const importedName =
  /^(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** A line of a docstring, which may show an import in an example. */
const commentLine = /^\s*\*.*$/gm;

export async function reach(root: string, from: readonly string[]): Promise<Reached> {
  const files = new Set(from);
  const packages = new Set<string>();
  // The loop also visits items that are added to the set meanwhile, each once.
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8');
    const code = text.replaceAll(commentLine, '');
    for (const [, ...found] of code.matchAll(importedName)) {
      const name = found.find((group) => group !== undefined) ?? '';
      if (name.startsWith('.')) files.add(imported(file, name));
      else if (!name.startsWith('node:')) packages.add(packageOf(name));
    }
  }
  return { files: [...files].toSorted(), packages: [...packages].toSorted() };
}

/** Types import types, code imports code. */
function imported(file: string, name: string): string {
  const path = join(dirname(file), name);
  return file.endsWith('.d.ts') ? path.replace(/(\.d)?\.[jt]s$/, '.d.ts') : path;
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { admissionMessages } from '../../src/contract/admission.ts';
import { batchWorkflowTypes } from '../../src/contract/batch.ts';
import { workflowTypes } from '../../src/contract/task-queues.ts';

/** One numbered line of a walk in ARCHITECTURE.md. */
interface Hop {
  /** From the root of the project. */
  file: string;
  functionName: string;
  /** What it reaches without an import, e.g. `activity submitVideo`. */
  crossings: string[];
}

export interface Walk {
  title: string;
  hops: Hop[];
}

/** The walks of a page, one for each `###` below its heading "Walks". */
export function readWalks(page: string): Walk[] {
  const [, walks = ''] = /^## Walks\n(.*?)^## /ms.exec(page) ?? [];
  return walks
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [title = ''] = text.split('\n', 1);
      return { title, hops: [...text.matchAll(/^\d+\. .*\n(?: {3,4}\S.*\n)*/gm)].map(readHop) };
    });
}

function readHop([text]: RegExpExecArray): Hop {
  const [, file = '', functionName = ''] = /\]\(([^)]+)\)\s+`([^`]+)`/.exec(text) ?? [];
  const crossings = [...text.matchAll(/→\s+(workflow|activity|signal|update|port)\s+`([^`]+)`/g)];
  return { file, functionName, crossings: crossings.map(([, kind, name]) => `${kind} ${name}`) };
}

/** What is not true of a walk, hop by hop; nothing where all is. */
export function falseHops(root: string, { hops }: Walk): string[] {
  const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
  return hops.flatMap((hop, index) => {
    const { file, functionName } = hop;
    if (!existsSync(join(root, file))) return [`"${file}" does not exist`];
    const text = textOf(file);
    const before = hops.slice(0, index);
    const problems: string[] = [];
    if (before.some((earlier) => earlier.file === file)) problems.push(`"${file}" is there twice`);
    if (!declares(text, functionName)) problems.push(`"${file}" has no "${functionName}"`);
    const isReached = before.some((earlier) => leads(earlier, hop, textOf));
    if (index > 0 && !isReached) problems.push(`no earlier hop leads to "${file}"`);
    return problems;
  });
}

function declares(text: string, name: string): boolean {
  return new RegExp(`function\\*? ${name}\\b|const ${name}\\b|^ +${name}\\(.*\\{$`, 'm').test(text);
}

function leads(from: Hop, to: Hop, textOf: (file: string) => string): boolean {
  const text = textOf(from.file);
  const imports = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)];
  const folder = dirname(resolve('/', from.file));
  if (imports.some(([, path = '']) => resolve(folder, path) === resolve('/', to.file))) return true;
  return from.crossings.some((crossing) => {
    const [kind = '', name = ''] = crossing.split(' ');
    const isCalled = kind === 'port' ? text.includes(`.${name}(`) : says(text, name);
    return isCalled && says(textOf(to.file), name);
  });
}

/** Types of workflows, and names of signals and updates, are constants of the contract. */
function says(text: string, name: string): boolean {
  const tables = Object.entries({ workflowTypes, batchWorkflowTypes, admissionMessages });
  const keys = tables.flatMap(([table, names]) =>
    Object.entries(names).flatMap(([key, value]) =>
      value === name && text.includes(table) ? [key] : [],
    ),
  );
  return [name, ...keys].some((word) => new RegExp(`\\b${word}\\b`).test(text));
}

/** Writes docs/faults.md from the fault table: `npx tsx tools/write-faults-doc.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FaultRow } from '../test/faults/fault-row.ts';
import { faultGroups, faultTable, shownElsewhere } from '../test/faults/table.ts';

export const faultsDocPath = fileURLToPath(new URL('../docs/faults.md', import.meta.url));

/** The page as it must be; test/docs.test.ts compares it with the file. */
export function faultsDoc(): string {
  const groups = faultGroups.map(
    ({ title, text, rows }) =>
      `## ${title}\n\n${text}\n\n${columns}\n${rows.map(tableRow).join('\n')}\n`,
  );
  return [head, ...groups, foot].join('\n');
}

const head = `# Faults

<!-- Made by tools/write-faults-doc.ts from test/faults; do not edit. -->

What the wire can do, and what comes of it: ${faultTable.length} rows, each played against the sandbox gateway by a real
worker ([faults.test.ts](../test/e2e/faults.test.ts)). \`npm run faults\` plays them and prints the matrix. The numbers
are those of \`onetake sandbox --list\`, which says what each scenario does.

*POSTs* arrived at the gateway. *Paid* jobs were charged, refunded ones included. *Ends as* is what the caller sees, with
the [kind](errors.md) of the failure; for a stored video the kind is that of the refusal that was waited out. In every
row a request has at most one paid job, and a paid job is delivered or visible. *24 h*: played so fast that the gateway's
own time limit is reached.
`;

const columns = `| # | scenario | format | POSTs | paid | ends as | billed | delivered | note |
|---|---|---|---|---|---|---|---|---|`;

const foot = `## Shown elsewhere

Too long for a real clock:

| what | ends as | test |
|---|---|---|
${shownElsewhere.map(({ what, end, test }) => `| ${what} | ${end} | [${test}](../${test}) |`).join('\n')}
`;

function tableRow(row: FaultRow): string {
  const { number, scenario, format, posts, paid, outcome, kind, billed, delivered } = row;
  const ending = kind === undefined ? outcome : `${outcome}, \`${kind}\``;
  const cells = [number, `\`${scenario}\``, format, posts, paid, ending, billed];
  return `| ${[...cells, delivered ? 'yes' : 'no', noteOf(row)].join(' | ')} |`;
}

function noteOf({ note, lane, body }: FaultRow): string {
  const parts = [lane === 'swept' ? '24 h' : undefined, body?.model, note];
  return parts.filter((part) => part !== undefined).join('; ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(faultsDocPath, faultsDoc());

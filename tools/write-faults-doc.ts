/** Writes docs/faults.md from the fault table: `npx tsx tools/write-faults-doc.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ExpectedFetch, FaultRow } from '../test/faults/fault-row.ts';
import { faultGroups, faultTable, shownElsewhere } from '../test/faults/table.ts';

export const faultsDocPath = fileURLToPath(new URL('../docs/faults.md', import.meta.url));

/** The expected page; test/docs.test.ts compares it with the file. */
export function faultsDoc(): string {
  const groups = faultGroups.map(
    ({ title, text, rows }) =>
      `## ${title}\n\n${text}\n\n${headOf(rows)}\n${rows.map(tableRow).join('\n')}\n`,
  );
  return [head, ...groups, foot].join('\n');
}

const head = `# Faults

<!-- Made by tools/write-faults-doc.ts from test/faults; do not edit. -->

Network and gateway faults and their results: ${faultTable.length} rows, each run against the sandbox gateway by a real worker
([faults.test.ts](../test/e2e/faults.test.ts)). \`npm run faults\` runs them and prints the matrix. The numbers are those of
\`onetake sandbox --list\`, which describes each scenario.

In every row:

- a request has at most one paid job
- a paid job is delivered or visible
- progress never goes backwards
- times of the gateway are never used as our own

| column | meaning |
|---|---|
| scenario | what the gateway does. A second scenario is what the gateway's records say of an unknown submit |
| POSTs | POSTs that arrived at the gateway |
| paid | jobs that were charged, including refunded ones |
| ends as | what the caller sees, with the [kind](errors.md) of the failure. For a stored video the kind is that of the refusal that was retried, or of the previous download attempt |
| requests | download requests to \`/content\` and to the media host |
| bytes | bytes that the media host sent, in file lengths: 1.6 is 60 % once and the whole file once |

Notes:

- *24 h*: run so fast that the gateway's own time limit is reached.
- *8 attempts*: the download without a Temporal server, over real HTTP, without the minutes between attempts. A download that
  is still *delivering* then is tried for 24 h, as long as its links are valid.
`;

const columns = ['#', 'scenario', 'format', 'POSTs', 'paid', 'ends as', 'billed', 'delivered'];
const fetchColumns = ['requests', 'bytes'];

const foot = `## Shown elsewhere

These take too long for a real clock, or are no network faults:

| what | ends as | test |
|---|---|---|
${shownElsewhere.map(({ what, end, test }) => `| ${what} | ${end} | [${test}](../${test}) |`).join('\n')}
`;

function headOf(rows: readonly FaultRow[]): string {
  const fetched = rows.some(({ fetch }) => fetch) ? fetchColumns : [];
  const names = [...columns, ...fetched, 'note'];
  return `| ${names.join(' | ')} |\n|${'---|'.repeat(names.length)}`;
}

function tableRow(row: FaultRow): string {
  const { number, scenario, format, posts, paid, outcome, kind, billed, delivered, fetch } = row;
  const ending = kind === undefined ? outcome : `${outcome}, \`${kind}\``;
  const cells = [number, `\`${scenario}\``, format, posts, paid, ending, billed];
  const fetched = fetch ? [fetch.requests, bytesOf(fetch)] : [];
  return `| ${[...cells, delivered ? 'yes' : 'no', ...fetched, noteOf(row)].join(' | ')} |`;
}

function bytesOf({ files }: ExpectedFetch): string {
  const [least, most] = typeof files === 'number' ? [files, files] : files;
  const [from, to] = [least, most].map((length) => String(Math.round(length * 100) / 100));
  return from === to ? `${to}` : `${from}–${to}`;
}

function noteOf({ note, lane, body }: FaultRow): string {
  const played = { swept: '24 h', attempts: '8 attempts' } as const;
  const place = lane === 'swept' || lane === 'attempts' ? played[lane] : undefined;
  const parts = [place, body?.model, note];
  return parts.filter((part) => part !== undefined).join('; ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(faultsDocPath, faultsDoc());

/** Writes docs/faults.md from the fault table: `npx tsx tools/write-faults-doc.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ExpectedFetch, FaultRow } from '../test/faults/fault-row.ts';
import { faultGroups, faultTable, shownElsewhere } from '../test/faults/table.ts';

export const faultsDocPath = fileURLToPath(new URL('../docs/faults.md', import.meta.url));

/** The page as it must be; test/docs.test.ts compares it with the file. */
export function faultsDoc(): string {
  const groups = faultGroups.map(
    ({ title, text, rows }) =>
      `## ${title}\n\n${text}\n\n${headOf(rows)}\n${rows.map(tableRow).join('\n')}\n`,
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
row a request has at most one paid job, and a paid job is delivered or visible; progress never goes backwards, and no
time of the gateway is taken for ours. A second scenario is what the gateway's records say of an unknown submit. *24 h*:
played so fast that the gateway's own time limit is reached.

Of a download, *requests* went to \`/content\` and to the media host, and *bytes* are what the media host sent, in lengths
of the file: 1.6 is 60 % once, and all of it once. The kind beside a stored video is that of the attempt before.
*8 attempts*: the download without a server, over real HTTP, attempt after attempt without the minutes between; one that
is still *delivering* then is tried for 24 h, as long as its links live.
`;

const columns = ['#', 'scenario', 'format', 'POSTs', 'paid', 'ends as', 'billed', 'delivered'];
const fetchColumns = ['requests', 'bytes'];

const foot = `## Shown elsewhere

Too long for a real clock, or no fault of the wire:

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

/** `npx tsx tools/write-scale-doc.ts`: writes docs/scale.md from the figures in bench/scale/figures.ts. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  costPerThousand,
  figuresFor,
  inputs,
  pollersOf,
  steps,
  type Figure,
} from '../bench/scale/figures.ts';

export const scaleDocPath = fileURLToPath(new URL('../docs/scale.md', import.meta.url));

const manyWorkers = 200;
const marks = { measured: 'm', computed: '', cited: 'c', assumed: 'a' } as const;

/** The expected page; test/bench/scale-doc.test.ts compares it with the file. */
export function scaleDoc(): string {
  const columns = steps.map(figuresFor);
  const row = (name: string, key: keyof (typeof columns)[number]) =>
    `| ${name} | ${columns.map((column) => shown(column[key])).join(' | ')} |`;
  const pollers = pollersOf(manyWorkers);
  return [
    head,
    `| | ${steps.map((videos) => `${text(videos, 0)} a day`).join(' | ')} |`,
    '|---|---|---|---|',
    ...rows.map(([name, key]) => row(name, key)),
    ...breaks,
    '',
    pollerText(pollers),
    '',
    '## Temporal Cloud',
    '',
    '| video | actions | actions alone, 1,000 videos |',
    '|---|---|---|',
    ...kinds.map(
      ([name, actions]) =>
        `| ${name} | ${shown(actions)} | $${text(costPerThousand(actions).value, 2)} |`,
    ),
    cloud,
    '| figure | value | source |',
    '|---|---|---|',
    ...Object.entries(inputs).map(
      ([name, figure]) => `| ${name} | ${shown(figure)} | ${figure.source}: ${figure.how} |`,
    ),
    '',
    '| computed | as |',
    '|---|---|',
    ...rows.map(([name, key]) => `| ${name} | ${figuresFor(1)[key].how} |`),
    '',
  ].join('\n');
}

const kinds: readonly (readonly [string, Figure])[] = [
  ['its end is reported by a callback', inputs.toldActions],
  ['it is polled', inputs.polledActions],
  ['row of a batch, callback', inputs.toldRowActions],
  ['row of a batch, polled', inputs.polledRowActions],
];

const rows: readonly (readonly [string, keyof ReturnType<typeof figuresFor>])[] = [
  ['busiest minute', 'peak'],
  ['jobs at the gateway then', 'jobs'],
  ['gateway accounts', 'accounts'],
  ['load of one admission', 'admission'],
  ['Temporal actions then', 'actions'],
  ['a namespace of Temporal Cloud', 'namespaces'],
  ['history shards, at least', 'shards'],
  ['partitions of `video-poll`', 'pollPartitions'],
  ['workers of one core', 'workers'],
  ['CPU of the Temporal server', 'serverCores'],
  ['storage', 'storageGb'],
  ['network of the downloads', 'bandwidth'],
  ['histories that are kept', 'retainedGb'],
  ['Temporal Cloud, actions', 'costActions'],
  ['Temporal Cloud, histories', 'costRetained'],
];

const head = `# Scale

<!-- Made by tools/write-scale-doc.ts from bench/scale/figures.ts; do not edit. -->

What 100, 10,000 and 1,000,000 videos a day need. Figures without a mark are computed; [Figures](#figures) says from what.
(m) is measured, (c) is cited, looked up on 2026-12-01, and (a) is assumed: replace an assumed one in [figures.ts](../bench/scale/figures.ts) and run
\`npx tsx tools/write-scale-doc.ts\`. The largest step was never run: its column is arithmetic, not experience.
`;

const breaks = [
  '| breaks first | nothing of onetake: the slots of the account (`GATEWAY_MAX_JOBS`, 3 by default) | the disk and network of the workers that download | the slots of one account, then the action limit of a namespace, then the network |',
  '| what to do | two workers of all queues, for a rolling deploy | S3 in place of a folder; `WORKER_QUEUES=download` on workers of their own; [autoscaling](operations.md#deploy) | several accounts, each with its own namespace and workers; provisioned capacity; a cluster with enough shards from the start |',
];

const cloud = `
This is the price before the plan and without webhooks: an event that is delivered to an endpoint is one action more for
each attempt, and its announcement one activity. Retries after failures cost one action each.

## Accounts

One admission, a workflow, serves one API key of the gateway. It cannot be split: it is what keeps the limits of the account.
To go beyond it, split by account:

- each account has its own API key, Temporal namespace and workers, so each has its own admission
- each account has its own \`STORAGE_URL\`, if only a prefix, so that its ledger has nothing of the others
- what starts videos chooses the namespace, for example by tenant, and stays with it: the same request in another namespace
  is another video, and paid again

## History shards and partitions

The number of history shards of a cluster of your own is fixed when it is created, so choose it for the largest step that you
plan. Temporal Cloud has no such setting. A task queue has 4 partitions by default
(\`matching.numTaskqueueReadPartitions\` and \`…WritePartitions\`), which is above what the table asks for.

## Figures
`;

function pollerText({ most, polls }: ReturnType<typeof pollersOf>): string {
  return `**${manyWorkers} workers of all queues.** Temporal Cloud allows ${shown(inputs.pollersPerNamespace)} in a namespace: set
\`WORKER_POLLERS\` to ${text(most.value, 0)} at most, which is ${shown(polls)} (workers × 5 queues × \`WORKER_POLLERS\`). Workers with
one queue each need a fifth of that.`;
}

function shown({ value, unit, source, digits }: Figure): string {
  const mark = marks[source];
  const number = text(value, digits ?? 0);
  const amount = unit.startsWith('$ ') ? `$${number}${unit.slice(1)}` : `${number} ${unit}`;
  return mark ? `${amount} (${mark})` : amount;
}

function text(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(scaleDocPath, scaleDoc());

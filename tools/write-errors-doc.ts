/** `npx tsx tools/write-errors-doc.ts`: writes docs/errors.md from the table of kinds in src/contract/failure.ts. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { failures } from '../src/contract/failure.ts';

export const errorsDocPath = fileURLToPath(new URL('../docs/errors.md', import.meta.url));

/** The expected page; test/docs.test.ts compares it with the file. */
export function errorsDoc(): string {
  const rows = Object.entries(failures).map(([kind, traits]) => {
    const retried = traits.retryable ? 'yes' : 'no';
    const [meaning, whatToDo] = [traits.meaning, traits.whatToDo].map(escapeAngles);
    return `| \`${kind}\` | ${meaning} | ${retried} | ${traits.billed} | ${whatToDo} |`;
  });
  return `${[head, ...rows].join('\n')}\n${foot}`;
}

const head = `# Errors

<!-- Made by tools/write-errors-doc.ts from src/contract/failure.ts; do not edit. -->

Every failure that the client, the CLI or a history shows has one of these kinds. It has a message, the billing status, and,
if known, the job id, and the gateway's request id, HTTP status, code and message
([VideoFailure](../src/contract/failure.ts)).

- *Retried*: onetake retries automatically if that costs nothing. It reports the failure when retrying did not help.
- *Billed*: the billing status by kind. A single failure may have a more precise one. It never understates a known cost.

| kind | meaning | retried | billed | what to do |
|---|---|---|---|---|`;

const foot = `
These are no failures:

- \`unresolved\`: the outcome of a submit is unknown until a person decides
- \`overdue\`: the deadline has passed, and the job is still watched

See also [a failure as JSON](calling.md#what-a-failure-looks-like) and
[the gateway's answers by kind](gateway.md#submit-outcomes).
`;

/** Outside code spans, Markdown treats `<job id>` as a tag and shows nothing. */
function escapeAngles(text: string): string {
  const parts = text.split('`');
  return parts.map((part, nth) => (nth % 2 === 0 ? part.replaceAll('<', '&lt;') : part)).join('`');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(errorsDocPath, errorsDoc());

/** `npx tsx tools/write-errors-doc.ts`: writes docs/errors.md from the table of kinds in src/contract/failure.ts. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { failures } from '../src/contract/failure.ts';

export const errorsDocPath = fileURLToPath(new URL('../docs/errors.md', import.meta.url));

/** The page as it must be; test/docs.test.ts compares it with the file. */
export function errorsDoc(): string {
  const rows = Object.entries(failures).map(([kind, traits]) => {
    const asksAgain = traits.retryable ? 'yes' : 'no';
    const [meaning, whatToDo] = [traits.meaning, traits.whatToDo].map(escapeAngles);
    return `| \`${kind}\` | ${meaning} | ${asksAgain} | ${traits.billed} | ${whatToDo} |`;
  });
  return `${[head, ...rows].join('\n')}\n${foot}`;
}

const head = `# Errors

<!-- Made by tools/write-errors-doc.ts from src/contract/failure.ts; do not edit. -->

Every failure that the client, the CLI or a history shows has one of these kinds. It carries a message, what is known
about money, and, when known, the job id, the gateway's request id, HTTP status, code and words
([VideoFailure](../src/contract/failure.ts)).

*Asks again*: the machine tries again by itself, where that costs nothing; the failure is shown when that did not help.
*Billed* is what the kind says by itself. A single failure may know better, and never plays down what the job is known
to have cost.

| kind | meaning | asks again | billed | what to do |
|---|---|---|---|---|`;

const foot = `
Not failures: \`unresolved\` (a submit whose outcome nobody knows, until a person decides) and \`overdue\` (the deadline
has passed, and the job is still watched). How a failure looks on the wire:
[calling.md](calling.md#what-a-failure-looks-like). What the gateway answers, and which kind that becomes:
[gateway.md](gateway.md#submit-outcomes).
`;

/** Outside of code spans, Markdown would take `<job id>` for a tag and show nothing. */
function escapeAngles(text: string): string {
  const parts = text.split('`');
  return parts.map((part, nth) => (nth % 2 === 0 ? part.replaceAll('<', '&lt;') : part)).join('`');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(errorsDocPath, errorsDoc());

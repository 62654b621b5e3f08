import { inputRequired, type InputRequiredResult } from '@modelcontextprotocol/server';
import { cutText } from '../../contract/cut-text.ts';
import { oneLine } from '../../contract/one-line.ts';
import { visibleText } from '../../contract/visible-text.ts';
import type { QuoteObject } from '../../serve/catalogue/quote-video.ts';
import { approveTexts } from '../approve/approve-texts.ts';
import { requestFacts } from '../approve/request-facts.ts';
import { costWords, madeWords } from '../results/quote-words.ts';
import type { SpendRequest } from '../spending/spend-permission.ts';

/** Name of the question among the input requests of a call. */
export const questionName = 'pay';

/** Longer prompts are cut for the question. */
const maxPromptBytes = 2_000;
/** A request may have thousands of them. */
const maxWarnings = 10;
const maxWarningBytes = 500;

/** Without a default: a form that is sent as it is permits nothing. */
const form = {
  type: 'object' as const,
  properties: {
    pay: {
      type: 'boolean' as const,
      title: 'Pay for this video',
      description: 'Yes: it is made and charged once. No: nothing is spent.',
    },
  },
  required: ['pay'],
};

const another =
  'If the agent calls again without its key, that is another video, and you are asked again.';
const same = 'Another call with the same key is the same video.';

const texts = approveTexts('en');

/** The result that makes the client ask its person. */
export function askToPay(message: string, requestState: string): InputRequiredResult {
  return inputRequired({
    inputRequests: { [questionName]: inputRequired.elicit({ message, requestedSchema: form }) },
    requestState,
  });
}

/** The facts come first, and each is one line: a prompt cannot look like one of them. */
export function payQuestion(
  { model, prompt, key, ...spend }: SpendRequest,
  quote: QuoteObject,
): string {
  const warnings = warningLines(quote);
  const { makes = null, shown: others = null, tenant } = spend;
  const facts = requestFacts({ makes, shown: others, tenant: tenant.name }, texts);
  const whole = line(prompt ?? '');
  const shown = cutText(whole, { bytes: maxPromptBytes });
  return [
    'An agent wants to pay for one video.',
    `Model: ${line(model)}`,
    `Makes: ${madeWords(quote)}`,
    costWords(quote),
    `It is paid once. ${key === undefined ? another : same}`,
    ...(warnings.length > 0 ? ['Warnings:', ...warnings] : []),
    ...facts.map(({ name, values }) => `${name}: ${line(values.join('; '))}`),
    prompt === null ? 'It has no prompt.' : `Prompt: "${shown}${shown === whole ? '' : '…'}"`,
  ].join('\n');
}

function warningLines({ warnings }: QuoteObject): string[] {
  const shown = warnings
    .slice(0, maxWarnings)
    .map(({ field, message }) =>
      cutText(line(`- ${field}: ${message}`), { bytes: maxWarningBytes }),
    );
  const more = warnings.length - shown.length;
  return more > 0 ? [...shown, `- and ${more} more`] : shown;
}

function line(text: string): string {
  return oneLine(visibleText(text, ' '));
}

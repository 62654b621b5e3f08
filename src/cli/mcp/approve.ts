import type { Command } from 'commander';
import { visibleText } from '../../contract/visible-text.ts';
import { approveTexts } from '../../mcp/approve/approve-texts.ts';
import { requestFacts } from '../../mcp/approve/request-facts.ts';
import { readSpendCode, showSpendCode } from '../../mcp/spending/spend-code.ts';
import type { SpendOffer, SpendOffers } from '../../mcp/spending/spend-offers.ts';
import { confirm, demandTerminal } from '../confirm.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { moneyWords, quoteWords, sourceWords } from '../models/quote-words.ts';
import type { Colors } from '../output.ts';
import { field } from '../video/report-video.ts';

const examples = `
Example:
  $ onetake mcp approve K7QM-2X9T

The agent shows the code. Only a person can approve: the command needs a terminal, and there is no --yes.`;

const advice = 'a person approves in a terminal, or on the page of `onetake serve`';

/** `onetake mcp approve`: a person approves the quote of an agent. */
export function configureMcpApprove(command: Command): Run {
  command
    .argument('<code>', 'code of the quote, as the agent shows it')
    .addHelpText('after', examples);
  return ({ env, output }) => run(command.args, { env, output });
}

async function run(
  [code = '']: string[],
  { env, output }: Pick<CliContext, 'env' | 'output'>,
): Promise<Exit> {
  demandTerminal({ output }, advice);
  const [{ storageConfig }, { createStorage }, { createSpendOffers }] = await Promise.all([
    import('../../config/storage-config.ts'),
    import('../../storage/create-storage.ts'),
    import('../../mcp/spending/spend-offers.ts'),
  ]);
  const offers = createSpendOffers({ storage: await createStorage(storageConfig(env)) });
  const interrupt = listenForInterrupt();
  try {
    return await approveInTerminal(code, {
      offers,
      output,
      ask: (question) =>
        confirm(question, { context: { output }, signal: interrupt.signal, advice }),
    });
  } finally {
    interrupt.stop();
  }
}

interface Parts extends Pick<CliContext, 'output'> {
  offers: Pick<SpendOffers, 'byCode' | 'approve'>;
  ask: (question: string) => Promise<boolean>;
}

/** Shows a quote, and approves it if the person says so. @throws {UsageError} There is no such quote. */
export async function approveInTerminal(
  given: string,
  { offers, output, ask }: Parts,
): Promise<Exit> {
  const code = readSpendCode(given);
  const offer = code === null ? null : await offers.byCode(code);
  if (!offer) throw new UsageError(`There is no quote "${visible(given)}": copy the code exactly`);
  if (offer.state === 'expired') return expired(output);
  output.note(offerLines(offer, output.colors).join('\n'));
  if (offer.state !== 'open') {
    const words = offer.state === 'used' ? 'its video was started' : 'it is approved';
    output.note(`Nothing to do: ${words}.`);
    return 'ok';
  }
  const price = offer.money === null ? 'an unknown price' : `at most ${moneyWords(offer.money)}`;
  if (!(await ask(`Let the agent make this video once, for ${price}?`))) {
    output.note('Not approved: nothing is made or paid.');
    return 'cancelled';
  }
  if (!(await offers.approve(offer.code, { by: 'terminal', keyId: null }))) return expired(output);
  output.note('Approved. Let the agent continue.');
  return 'ok';
}

function expired(output: CliContext['output']): Exit {
  output.note('The quote has expired: nothing is made or paid. Ask the agent for a new one.');
  return 'failed';
}

function offerLines(offer: SpendOffer, colors: Colors): string[] {
  const { code, model, makes, money, prices, prompt, isPromptCut } = offer;
  const facts = requestFacts(offer, approveTexts('en'));
  const cost = { money, seconds: null, prices: null };
  return [
    makes ? visible(quoteWords({ model, makes, cost })) : visible(`${model}: ${moneyWords(money)}`),
    ...(prices ? [field('price', `by ${sourceWords(prices)}`, colors)] : []),
    ...facts.flatMap(({ kind, values }) =>
      values.map((each, index) => field(index === 0 ? kind : '', visible(each), colors)),
    ),
    ...promptLines(prompt, isPromptCut).map((line, index) =>
      field(index === 0 ? 'prompt' : '', line, colors),
    ),
    field('quote', showSpendCode(code), colors),
  ];
}

function promptLines(prompt: string | null, isCut: boolean): string[] {
  const lines = (prompt ?? 'none').split(/\r\n?|\n/).map(visible);
  return isCut ? [...lines, '… (longer than what is shown)'] : lines;
}

/** An agent wrote it: control characters could change what the terminal shows. */
function visible(text: string): string {
  return visibleText(text, '�');
}

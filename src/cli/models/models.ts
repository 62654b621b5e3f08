import type { Command } from 'commander';
import { gatewayConfig } from '../../config/gateway-config.ts';
import { candidatesOf, catalogIds } from '../../contract/models/catalog.ts';
import { oneLine } from '../../contract/one-line.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import { didYouMean } from '../../manifest/rows/did-you-mean.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { modelFacts } from '../../contract/models/model-facts.ts';
import { modelPage } from './model-page.ts';
import { pageLines, tableLines } from './model-words.ts';
import { openPriceBook } from './price-book.ts';

interface Flags {
  live?: true;
}

/** Short, because a person waits for the list. */
const timeoutMs = 10_000;

const examples = `
Examples:
  $ onetake models                 models of the API key; without an API key, the whole catalogue
  $ onetake models kling 1080p     models with these words in the name
  $ onetake models "SD2.5 720P"    one model: an example body and common mistakes`;

/** `onetake models`: lengths, aspect ratios, media and prices of models. */
export function configureModels(command: Command): Run {
  command
    .argument('[id|words...]', 'a model id, or words to search for')
    .option('--live', 'use prices of the gateway instead of the catalogue; needs GATEWAY_API_KEY')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run(words: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const { env, output } = context;
  const list = await listOf(env);
  const book = await openPriceBook(context, { live: flags.live === true });
  const wanted = words.join(' ');
  const factsOf = (id: string) =>
    modelFacts(id, { book, listed: list.ids ? list.ids.includes(id) : null });
  const ids = (list.ids ?? catalogIds()).filter((id) => hasWords(id, words));
  const [only = wanted] = words.length > 0 && ids.length === 1 ? ids : [];
  const facts = factsOf(wanted) ?? factsOf(only);
  if (facts) {
    const page = modelPage(facts, list.ids ? {} : { reason: list.reason });
    output.result((colors) => pageLines(page, colors), page);
    return 'ok';
  }
  if (ids.length === 0) refuseWords(wanted, list);
  const known = ids.flatMap((id) => factsOf(id) ?? []);
  const unknown = ids.filter((id) => candidatesOf(id).length === 0);
  output.result((colors) => tableLines({ known, unknown, list }, colors), {
    source: list.ids ? 'gateway' : 'catalogue',
    models: known,
    unknown,
  });
  return 'ok';
}

/** Models that the API key may use, or why they are unknown. */
export type KeyModels = { ids: string[]; reason?: never } | { ids?: never; reason: string };

async function listOf(env: CliContext['env']): Promise<KeyModels> {
  if (!env['GATEWAY_API_KEY']) return { reason: 'GATEWAY_API_KEY is not set' };
  try {
    const ids = await createGateway(gatewayConfig(env)).listModels({ timeoutMs });
    return ids.length > 0 ? { ids } : { reason: 'the gateway lists no models for this API key' };
  } catch (error) {
    return { reason: oneLine(error instanceof Error ? error.message : String(error)) };
  }
}

function hasWords(id: string, words: readonly string[]): boolean {
  const name = id.toLowerCase();
  return words.every((word) => name.includes(word.toLowerCase()));
}

function refuseWords(wanted: string, { ids = [] }: KeyModels): never {
  const known = [...new Set([...ids, ...catalogIds()])];
  throw new UsageError(`No model is called "${wanted}"${didYouMean(wanted, known)}`);
}

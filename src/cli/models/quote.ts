import type { Command } from 'commander';
import type { HostGeneration } from '../../contract/models/evaluate-request.ts';
import { isManifestName } from '../../manifest/read-manifest.ts';
import type { GivenRequest, RequestFlags } from '../video/build-request.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { QuoteOptions } from '../../contract/quote-request.ts';
import { onePrompt, requestOptions } from '../video/request-options.ts';

interface Flags extends RequestFlags {
  body?: string;
  host?: string;
  plugin?: string;
  live?: true;
  timezone?: string;
  ignoreColumns?: string;
}

const examples = `
Examples:
  $ onetake quote "A cat naps in the sun" --model "SD2.5 720P" --duration 5
  $ onetake quote --body request.json --json
  $ onetake quote launch.csv

Starts nothing, and needs neither a server nor an API key. Exits with 0 if everything is accepted, warnings included,
1 if something is refused, 2 if the input cannot be read.`;

/** `onetake quote`: what a request or a manifest makes and costs. */
export function configureQuote(command: Command): Run {
  requestOptions(
    command.argument('[prompt|manifest]', 'what the video shows, or a .csv, .jsonl or .yaml file'),
  )
    .option(
      '--host <generation>',
      'rules to apply: plugins or classic (default: GATEWAY_GENERATION)',
    )
    .option('--plugin <name>', 'apply the rules of this plugin, if several can serve the model')
    .option('--live', 'use the price list of the gateway; needs GATEWAY_API_KEY')
    .option('--ignore-columns <names>', 'columns to ignore, separated by commas')
    .option('--timezone <name>', 'time zone of {{date}}, e.g. Europe/Berlin (default: UTC)')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([given]: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const [{ parseHost }, { openPriceBook }, { gatewayGeneration }] = await Promise.all([
    import('./quote-given.ts'),
    import('./price-book.ts'),
    import('../../config/gateway-config.ts'),
  ]);
  const host = parseHost(flags.host) ?? gatewayGeneration(context.env);
  const book = await openPriceBook(context, { live: flags.live === true });
  const { plugin } = flags;
  const options = { book, host, ...(plugin !== undefined && { plugins: [plugin] }) };
  if (given !== undefined && isManifestName(given)) {
    refuseBesideManifest(given, flags);
    const { quoteManifest } = await import('../batch/quote-manifest.ts');
    return quoteManifest(given, { ...options, flags }, context);
  }
  const all = { ...flags, ...onePrompt(given, flags.prompt) };
  const { namesRoles } = await import('../video/build-request.ts');
  const rolesNamed = namesRoles(flags);
  return quoteOne(await readGiven(all, host), { ...options, rolesNamed }, context);
}
/** The request before any check. @throws {UsageError} */
async function readGiven(flags: Flags, host: HostGeneration): Promise<GivenRequest> {
  const [
    { givenBody, requestFromFlags },
    { refuseBesideBody },
    { nameMedia, readBodyText },
    { nameDataUris },
  ] = await Promise.all([
    import('../video/build-request.ts'),
    import('../video/make-request.ts'),
    import('../video/read-inputs.ts'),
    import('../../identity/stored-data-uris.ts'),
  ]);
  if (flags.body !== undefined) {
    refuseBesideBody(flags);
    const given = givenBody(await readBodyText(flags.body), flags.format);
    return (await nameDataUris(given)).request;
  }
  return (await nameDataUris(requestFromFlags(await nameMedia(flags), host))).request;
}

async function quoteOne(
  given: GivenRequest,
  options: QuoteOptions,
  { output }: CliContext,
): Promise<Exit> {
  const [{ quoteGiven, quoteValue }, { quoteLines }] = await Promise.all([
    import('./quote-given.ts'),
    import('./quote-words.ts'),
  ]);
  const quote = quoteGiven(given, options);
  output.result((colors) => quoteLines(quote, colors), quoteValue(quote));
  return quote.refusals.length > 0 ? 'failed' : 'ok';
}

const besideManifest = ['host', 'live', 'timezone', 'ignoreColumns'];

/** @throws {UsageError} A flag that describes a request is given beside a manifest. */
function refuseBesideManifest(file: string, flags: Flags): void {
  const other = Object.keys(flags).find((flag) => !besideManifest.includes(flag));
  if (other === undefined) return;
  throw new UsageError(`"${file}" contains whole requests, so it cannot go with --${other}`);
}

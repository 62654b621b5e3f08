import type { Command } from 'commander';
import { webhooksConfig } from '../../config/webhooks-config.ts';
import { oneLine } from '../../contract/one-line.ts';
import {
  webhookEventTypes,
  type WebhookEndpoint,
  type WebhookEventType,
} from '../../contract/webhook.ts';
import { readCallbackHost, readWebhookUrl } from '../../identity/webhook-address.ts';
import { tenantName } from '../../serve/tenants/tenant.ts';
import { UsageError, type CliContext, type Env, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { field } from '../video/report-video.ts';
import { ownerWords, readSecretFile, shownEndpoint, targetWords } from './endpoints.ts';
import { openEndpoints, orUsageError } from './ports.ts';

interface Flags {
  callbackHost?: string;
  tenant?: string;
  events?: string;
  secretFile?: string;
}

const examples = `
Examples:
  $ onetake webhooks add https://hooks.example.com/onetake
  $ onetake webhooks add https://acme.example/hooks --tenant acme --events video.completed,video.failed
  $ onetake webhooks add --callback-host hooks.example.com      (requests may set callback_url to this host)

Events: ${webhookEventTypes.join(', ')} (default: all).
Without --tenant, an address receives the events of all videos and batches, of all tenants. A host for callbacks without
--tenant is for videos that no tenant owns.`;

/** `onetake webhooks add`: adds an endpoint, and shows its secret. */
export function configureWebhooksAdd(command: Command): Run {
  command
    .argument('[url]', 'https address that events are sent to')
    .option('--callback-host <host>', 'instead of an address: a host that `callback_url` may name')
    .option('--tenant <tenant>', 'only for this tenant of the HTTP API')
    .option('--events <list>', 'only these events, separated by commas')
    .option('--secret-file <path>', 'file with the signing secret, `whsec_…` (default: a new one)')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([url]: string[], flags: Flags, { env, output }: CliContext): Promise<Exit> {
  const target = await readTarget(url, flags, env);
  const tenant = readTenant(flags.tenant);
  const types = flags.events === undefined ? undefined : readEvents(flags.events);
  const secret =
    flags.secretFile === undefined ? undefined : await readSecretFile(flags.secretFile);
  const endpoints = await openEndpoints({ env, output });
  const endpoint = await orUsageError(() =>
    endpoints.add({ tenant, target, ...(types && { types }), ...(secret && { secret }) }),
  );
  const [made = ''] = endpoint.secrets;
  output.note('Save the signing secret now: it is not shown again. The receiver verifies with it.');
  output.result(
    (colors) => [
      made,
      field('id', endpoint.id, colors),
      field('target', targetWords(endpoint), colors),
      field('tenant', ownerWords(endpoint), colors),
      field('events', (types ?? ['all']).join(', '), colors),
      'url' in target
        ? `Send a test event with: onetake webhooks test ${endpoint.id}`
        : `Requests of these videos may now set callback_url to an address on ${target.callbackHost}.`,
    ],
    { outcome: 'created', ...shownEndpoint(endpoint), secret: made },
  );
  return 'ok';
}

async function readTarget(
  url: string | undefined,
  { callbackHost }: Flags,
  env: Env,
): Promise<WebhookEndpoint['target']> {
  const options = webhooksConfig(env);
  if (url !== undefined && callbackHost === undefined) {
    const use = () => ({ url: readWebhookUrl(url, options) });
    return orUsageError(use, `Cannot use the address "${withoutQuery(url)}": it `);
  }
  if (url === undefined && callbackHost !== undefined) {
    const use = () => ({ callbackHost: readCallbackHost(callbackHost, options) });
    return orUsageError(use, `Cannot use --callback-host "${oneLine(callbackHost)}": it `);
  }
  throw new UsageError(
    'Give either an address, e.g. https://hooks.example.com/onetake, or --callback-host <host>',
  );
}

/** The query may contain a password. */
function withoutQuery(url: string): string {
  return oneLine(url.replace(/[?#].*/s, '').replace(/\/\/[^/]*@/, '//'));
}

function readTenant(tenant?: string): string | null {
  if (tenant === undefined) return null;
  const checked = tenantName.safeParse(tenant);
  if (checked.success) return tenant;
  throw new UsageError(
    `Cannot use the tenant "${oneLine(tenant)}": it ${checked.error.issues[0]?.message}`,
  );
}

function readEvents(list: string): WebhookEventType[] {
  return list.split(',').map((part) => {
    const name = part.trim();
    const type = webhookEventTypes.find((known) => known === name);
    if (type) return type;
    throw new UsageError(
      `Cannot use the event "${oneLine(name)}": events are ${webhookEventTypes.join(', ')}`,
    );
  });
}

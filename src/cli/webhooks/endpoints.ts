import { readFile } from 'node:fs/promises';
import { oneLine } from '../../contract/one-line.ts';
import type { WebhookEndpoint } from '../../contract/webhook.ts';
import { UsageError } from '../context.ts';

/** `https://hooks.example.com/a`, or `callbacks to hooks.example.com`. */
export function targetWords({ target }: WebhookEndpoint): string {
  return 'url' in target ? target.url : `callbacks to ${target.callbackHost}`;
}

/** Which videos an endpoint is for. */
export function ownerWords({ tenant, target }: Pick<WebhookEndpoint, 'tenant' | 'target'>): string {
  if (tenant !== null) return tenant;
  return 'url' in target
    ? 'all: events of all videos and batches'
    : 'none: videos that no tenant owns';
}

/** What `--json` shows of an endpoint: everything but its secrets. */
export function shownEndpoint({ id, tenant, target, types, createdAt, secrets }: WebhookEndpoint) {
  return {
    id,
    tenant,
    ...target,
    events: types ?? 'all',
    createdAt: new Date(createdAt).toISOString(),
    rotating: secrets.length > 1,
  };
}

/** @throws {UsageError} */
export function unknownEndpoint(id: string): UsageError {
  return new UsageError(
    `No webhook endpoint "${oneLine(id)}": \`onetake webhooks list\` shows the ids`,
  );
}

/** The secret in a file: on the command line, every user of the machine could read it. @throws {UsageError} */
export async function readSecretFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new UsageError(`Cannot read --secret-file "${path}"`, { cause });
  }
}

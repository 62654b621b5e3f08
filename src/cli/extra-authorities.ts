import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { UsageError, type Env } from './context.ts';

/** Available since Node 22.19 and 24.5, so not in the types of Node 20. */
interface Authorities {
  getCACertificates?: (type: 'default') => string[];
  setDefaultCACertificates?: (certificates: readonly string[]) => void;
}

/**
 * Node reads NODE_EXTRA_CA_CERTS at startup, before we read `.env`. A value from `.env` is added here.
 *
 * @returns A note for the user if this version of Node cannot do it.
 * @throws {UsageError} The file cannot be read.
 */
export function addExtraAuthorities(
  { env, atStart }: { env: Env; atStart: Env },
  node: Authorities = tls as Authorities,
): string | undefined {
  const path = env['NODE_EXTRA_CA_CERTS'];
  if (path === undefined || path === '' || atStart['NODE_EXTRA_CA_CERTS'] === path)
    return undefined;
  const certificate = readCertificate(path);
  if (!node.getCACertificates || !node.setDefaultCACertificates) {
    return 'NODE_EXTRA_CA_CERTS in .env has no effect with this version of Node: set it in the environment, before the command starts';
  }
  node.setDefaultCACertificates([...node.getCACertificates('default'), certificate]);
  return undefined;
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { message } = cause as Error;
    throw new UsageError(`Cannot read NODE_EXTRA_CA_CERTS "${path}": ${message}`, { cause });
  }
}

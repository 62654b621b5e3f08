import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tlsWords } from '../../src/egress/tls-words.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startWireServer } from '../fakes/wire-server.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

async function messageAt(baseUrl: string): Promise<string> {
  const gateway = createGateway({ baseUrl, apiKey: 'sk-canary-0123456789' });
  const error: unknown = await gateway.listModels({ timeoutMs: 5_000 }).catch((cause) => cause);
  return (error as Error).message;
}

describe('a TLS fault says what to do', () => {
  test('where the authority is unknown', async () => {
    const server = createServer({
      key: fixture('media.test.key'),
      cert: fixture('media.test.crt'),
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const message = await messageAt(`https://127.0.0.1:${port}`);
    expect(message).toContain('NODE_EXTRA_CA_CERTS');
    expect(message).not.toContain('\n');
  });

  test('where the server speaks no TLS, in one line without names of a library', async () => {
    await using server = await startWireServer({ body: '{}' });
    const message = await messageAt(`https://127.0.0.1:${server.port}`);
    expect(message).toContain('does not speak TLS on this port');
    expect(message).not.toMatch(/\n|openssl|\.c:\d+/i);
  });

  test.each([
    ['CERT_HAS_EXPIRED', /has expired/],
    ['CERT_NOT_YET_VALID', /clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another host name/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /share no version or cipher/],
  ])('%s', (code, words) => {
    expect(tlsWords(code)).toMatch(words);
  });

  test.each([undefined, 'ECONNREFUSED', 'ETIMEDOUT'])('%s is none', (code) => {
    expect(tlsWords(code)).toBeUndefined();
  });
});

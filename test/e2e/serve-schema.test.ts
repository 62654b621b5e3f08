import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../src/dev/run-command.ts';
import { createKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { need } from '../support/need.ts';
import { findPythonClients, pythonClientsLimitMs } from '../support/python-clients.ts';
import { createServeHarness, type ServeHarness } from './serve-harness.ts';

const runLimitMs = 400_000;
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
  'use_after_free',
  // Not positive_data_acceptance: the rules of the catalogue refuse bodies in ways that a schema cannot describe.
  // Not missing_required_header: no header is required but the API key, which ignored_auth is about.
];

let clients: Promise<string>;
let folder: string;
let apiKey: string;
let harness: ServeHarness;
beforeAll(async () => {
  clients = findPythonClients();
  await clients.catch(() => {});
}, pythonClientsLimitMs);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onetake-schema-'));
  const keysFile = join(folder, 'keys.json');
  ({ key: apiKey } = await createKey(keysFile, { tenant: 'acme' }));
  // The worker ends every video at once: event streams end, and files and links are there to be read.
  harness = await createServeHarness({
    speed: 1_000,
    env: { SERVE_KEYS_FILE: keysFile, SERVE_RATE: '100000' },
  });
});
afterAll(async () => {
  await harness?.[Symbol.asyncDispose]();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test(
  'responses to generated requests, valid and invalid, are as the OpenAPI document says',
  async (context) => {
    const python = await need(context, clients);
    const { exitCode, output } = await runCommand({
      file: python,
      args: [
        '-m',
        'schemathesis.cli',
        'run',
        `${harness.server.url}/openapi.json`,
        `--header=Authorization: Bearer ${apiKey}`,
        `--checks=${checks.join(',')}`,
        '--phases=examples,coverage,fuzzing',
        '--max-examples=10',
        '--seed=1',
        '--generation-database=none',
        '--no-shrink',
        '--no-color',
        // Longer than the longest wait that a request can ask for.
        '--request-timeout=45',
      ],
      env: { PATH: process.env['PATH'], HOME: folder, PYTHONUTF8: '1' },
      timeoutMs: runLimitMs,
      cwd: folder,
    });
    expect(exitCode, output).toBe(0);
    // Without ids of real videos, every response would be a 404.
    expect(succeeded(harness.server.printed())).toEqual(
      expect.arrayContaining(['GET /v1/videos/:id', 'GET /v1/videos/:id/content']),
    );
  },
  runLimitMs,
);

/** Method and route of the requests that succeeded, from the access log. */
function succeeded(log: string): string[] {
  const lines = log.matchAll(/"method":"(\w+)","route":"([^"]+)","status":20\d/g);
  return [...new Set([...lines].map(([, method, route]) => `${method} ${route}`))];
}

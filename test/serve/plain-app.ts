import { createApp } from '../../src/serve/app.ts';
import { createFakeClient, type ClientScript } from '../fakes/fake-client.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { testPorts } from './serve-harness.ts';

/** The HTTP API with one API key, `good`, on a fake Temporal server and a real folder. */
export async function plainApp(script: ClientScript = {}) {
  const temporal = createFakeClient(script);
  const { storage } = await tempStorage();
  const ports = await testPorts({
    temporal: temporal.client,
    storage,
    authenticate: (key) => Promise.resolve(key === 'good' ? { name: 'acme', keyId: 'k_1' } : null),
    links: {
      linkSecret: () => 'secret',
      isActive: () => Promise.resolve(true),
      operator: () => Promise.resolve(null),
    },
  });
  const app = createApp(ports);
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await app.request(path, {
      method,
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as unknown;
    return { status: response.status, headers: response.headers, json };
  };
  return { app, call, calls: temporal.calls, storage };
}

import { Hono } from 'hono';
import { requestContext } from '../../src/serve/http/request-context.ts';
import type { ServeEnv } from '../../src/serve/ports.ts';
import { addStudio } from '../../src/studio/studio-app.ts';
import { createFakeClient, type ClientScript } from '../fakes/fake-client.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { testPorts } from '../serve/serve-harness.ts';

type Ports = Awaited<ReturnType<typeof testPorts>>;

/** The address at which a browser on this machine reaches the pages. */
export const origin = 'http://127.0.0.1:8787';

/** Where an action leads, without the time at which it was done. */
export function placeOf({ headers }: Response): string | null {
  return headers.get('location')?.replace(/&at=\d+$/, '') ?? null;
}

/** The first bytes of a file, which the text of a response does not have. */
export async function byteOrderMarkOf(response: Response): Promise<string> {
  return Buffer.from(await response.arrayBuffer())
    .subarray(0, 3)
    .toString('hex');
}

/** Options of {@link studioHarness}. */
export interface StudioHarnessOptions {
  script?: ClientScript;
  /** Replaces ports, e.g. the client. */
  ports?: (ports: Ports) => Partial<Ports>;
}

/** The studio without a keys file, on a fake Temporal server and a real folder, without a socket. */
export async function studioHarness({ script = {}, ports: change }: StudioHarnessOptions = {}) {
  const temporal = createFakeClient(script);
  const { storage } = await tempStorage();
  const errors: unknown[] = [];
  const made = await testPorts({
    temporal: temporal.client,
    storage,
    authenticate: () => Promise.resolve({ name: 'local', keyId: null }),
    links: {
      linkSecret: () => 'secret',
      isActive: () => Promise.resolve(true),
      operator: () => Promise.resolve(null),
    },
    onError: (error) => errors.push(error),
  });
  const ports = { ...made, ...change?.(made), namespace: 'default' };
  const app = new Hono<ServeEnv>();
  app.use(requestContext(ports));
  addStudio(app, ports);
  /** A request as the browser sends it. */
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(`${origin}${path}`, { headers: { host: '127.0.0.1:8787', ...headers } });
  /** A form of a page of the studio. */
  const post = (
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ) =>
    app.request(`${origin}${path}`, {
      method: 'POST',
      headers: { host: '127.0.0.1:8787', origin, ...headers },
      body: new URLSearchParams(fields),
    });
  return { app, ports, storage, errors, calls: temporal.calls, get, post };
}

import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import {
  startSandboxGateway,
  type SandboxGateway,
  type SandboxGatewayOptions,
} from '../../src/sandbox-gateway/server.ts';

/** A JSON object whose fields a test reads freely. */
export type Body = Record<string, unknown>;

/** Gateway on a clock that only moves when told. */
export async function startWithClock(
  options: SandboxGatewayOptions = {},
): Promise<{ gateway: SandboxGateway; advance: (seconds: number) => void }> {
  let at = Date.UTC(2026, 10, 23, 12);
  const gateway = await startSandboxGateway({ now: () => at, ...options });
  return { gateway, advance: (seconds) => void (at += seconds * 1000) };
}

export const klingBody = { model: 'kling-v1', prompt: 'a cat', duration: 5 };
export const standardBody = { model: 'SD2.5 720P', prompt: 'a dog', duration: 5, size: '16:9' };

export async function create(
  gateway: SandboxGateway,
  body: Body = klingBody,
  {
    route = '/v1/video/generations',
    headers = {},
  }: { route?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${gateway.url}${route}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${gateway.apiKey}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

export async function createJob(gateway: SandboxGateway, body: Body = klingBody): Promise<string> {
  const reply = await json(await create(gateway, body));
  return String(reply['id']);
}

export async function poll(
  gateway: SandboxGateway,
  id: string,
  route: 'videos' | 'video/generations' = 'videos',
): Promise<Response> {
  return fetch(`${gateway.url}/v1/${route}/${encodeURIComponent(id)}`, {
    headers: { authorization: `Bearer ${gateway.apiKey}` },
  });
}

export async function pollBody(
  gateway: SandboxGateway,
  id: string,
  route: 'videos' | 'video/generations' = 'videos',
): Promise<Body> {
  return json(await poll(gateway, id, route));
}

/** The task row inside the envelope of the generations route. */
export async function pollRow(gateway: SandboxGateway, id: string): Promise<Body> {
  const body = await pollBody(gateway, id, 'video/generations');
  return body['data'] as Body;
}

/** Polls one job several times at one moment and lists what `pick` finds. */
export async function pollTimes<T>(times: number, ask: () => Promise<T>): Promise<T[]> {
  const seen: T[] = [];
  for (let turn = 0; turn < times; turn += 1) seen.push(await ask());
  return seen;
}

export async function json(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}

/** A GET whose request target is sent untouched, unlike with fetch. */
export async function rawGet(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer; complete: boolean }> {
  const [, origin = '', path = '/'] = /^(http:\/\/[^/]+)(.*)$/.exec(url) ?? [];
  const { hostname: host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host, port, path, method, headers, agent: false }, (response) => {
      // From here on a broken connection is the response's to tell.
      request.off('error', reject).on('error', () => undefined);
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      const end = (): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
          complete: response.complete,
        });
      response.on('end', end).on('error', end);
    });
    request.on('error', reject).end();
  });
}

/** A finished job of 16:9 and its result addresses. */
export async function finishedJob(
  scenario = '',
  options: { speed?: number } = {},
): Promise<{ gateway: SandboxGateway; id: string; url: string; videoUrl: string }> {
  const { gateway, advance } = await startWithClock({ scenario, speed: 1000, ...options });
  const id = await createJob(gateway, { ...klingBody, size: '1280x720' });
  advance(1);
  const body = await pollBody(gateway, id);
  return { gateway, id, url: String(body['url']), videoUrl: String(body['video_url']) };
}

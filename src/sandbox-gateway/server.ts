import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { json, type Answer } from './answer.ts';
import { parseScenarios } from './scenarios/choose-scenario.ts';
import { startCallback } from './callbacks.ts';
import { answerMedia } from './content.ts';
import { answerControl } from './control.ts';
import type { Generation } from './create-request.ts';
import { readExchange, type Exchange } from './exchange.ts';
import { createGatewayClock } from './gateway-clock.ts';
import type { Ledger } from './call-ledger.ts';
import { close, closePort, listen, openPort } from './listening.ts';
import { answerRequest, answerUploadRequest, targetOf, type Target } from './routes.ts';
import type { Runtime } from './runtime.ts';
import { sendAnswer } from './send-answer.ts';
import { openStore } from './store.ts';
import { answerSubmit } from './submit.ts';

/** Options of the sandbox gateway. */
export interface SandboxGatewayOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Port of the gateway origin. Default: 0, a free port. */
  port?: number;
  /** Port of the media origin. Default: 0, a free port. */
  mediaPort?: number;
  /** Gateway seconds per real second: 20 lets a 120 s job end in 6 s. Default 1. */
  speed?: number;
  /** Scenarios for requests that select none, e.g. `poll-unknown-n=3, dl-ok`. */
  scenario?: string;
  /** The only valid API key. Default `sk-sandbox`. */
  apiKey?: string;
  /** The only valid personal access token for the dashboard's task log. Default `at-sandbox`. */
  accessToken?: string;
  /** `plugins` adds task plugins, their prices and uploads. Default `classic`. */
  generation?: Generation;
  /** Price ratio of the API key's group. Default 1. */
  groupRatio?: number;
  /** `false`: the media store accepts no uploads. Default true. */
  keepsUploads?: boolean;
  /** File for ledger and jobs, so that a restarted gateway continues the same jobs. */
  ledgerFile?: string;
  /** Clock in milliseconds, for tests. */
  now?: () => number;
}

/** A running sandbox gateway. */
export interface SandboxGateway {
  url: string;
  mediaUrl: string;
  apiKey: string;
  accessToken: string;
  /** The live object, filled while requests arrive. */
  ledger: Ledger;
  /** Ends `submit-port-closed` early. */
  openPort(): Promise<void>;
  /** Closes all connections, hanging ones too. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Longer than any pause between polls, so that idle connections stay open. */
const idleMs = 120_000;

/** `X-New-Api-Version`; for builds with plugins, that of 88API's fork. */
const versions = { classic: 'v1.0.0-sandbox', plugins: 'v1.0.0-rc.37-88api.9' } as const;

/**
 * Starts a local substitute for the paid 88API gateway, and its media host on a second port.
 *
 * @throws {RangeError} A scenario of `scenario` is unknown, or `speed` is not positive.
 */
export async function startSandboxGateway(
  options: SandboxGatewayOptions = {},
): Promise<SandboxGateway> {
  const { host = '127.0.0.1', port = 0, mediaPort = 0, speed = 1 } = options;
  if (!(speed > 0)) throw new RangeError(`Cannot run at speed "${speed}": it must be positive`);
  parseScenarios(options.scenario ?? '');
  const store = openStore(options.ledgerFile);
  if (options.scenario !== undefined) store.state.scenario = options.scenario;
  const runtime: Runtime = {
    clock: createGatewayClock({ now: options.now ?? Date.now, speed }),
    store,
    origins: { gateway: '', media: '' },
    apiKey: options.apiKey ?? 'sk-sandbox',
    accessToken: options.accessToken ?? 'at-sandbox',
    generation: options.generation ?? 'classic',
    groupRatio: options.groupRatio ?? 1,
    keepsUploads: options.keepsUploads ?? true,
  };
  const gateway = createServer((request, response) => {
    const setScenario = (text: string): void => {
      store.state.scenario = text;
      store.save();
      response.once('finish', () => closePort(runtime, gateway, host));
    };
    answerGateway(runtime, { request, response, setScenario }).catch(() => response.destroy());
  });
  const media = createServer((request, response) => {
    serveMedia(runtime, request, response).catch(() => response.destroy());
  });
  for (const server of [gateway, media]) server.keepAliveTimeout = idleMs;
  runtime.origins.media = await listen(media, { host, port: mediaPort });
  runtime.origins.gateway = await listen(gateway, { host, port });
  closePort(runtime, gateway, host);
  store.state.jobs.forEach((job) => startCallback(runtime, job));
  const stop = async (): Promise<void> => {
    runtime.clock.stop();
    await Promise.all([close(gateway), close(media)]);
    store.stop();
  };
  return {
    url: runtime.origins.gateway,
    mediaUrl: runtime.origins.media,
    apiKey: runtime.apiKey,
    accessToken: runtime.accessToken,
    ledger: store.state.ledger,
    openPort: () => openPort(runtime, gateway, host),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface Connection {
  request: IncomingMessage;
  response: ServerResponse;
  setScenario: (text: string) => void;
}

async function answerGateway(runtime: Runtime, connection: Connection): Promise<void> {
  const { request, response, setScenario } = connection;
  const exchange = readExchange(request, runtime.clock.now());
  if (exchange.pathname.startsWith('/sandbox/')) {
    const body = await readText(request);
    const answer = answerControl(runtime, exchange, { body, setScenario });
    if (answer !== null) {
      await sendAnswer(response, answer, runtime.clock);
      return;
    }
  }
  const target = targetOf(exchange);
  const connectionUsedBefore = markUsed(request.socket);
  const answer = await decide(runtime, { ...connection, exchange, target, connectionUsedBefore });
  record(runtime, { exchange, target, answer });
  request.resume();
  await sendAnswer(
    response,
    withGatewayHeaders(answer, { ...runtime, ...exchange }),
    runtime.clock,
  );
}

interface Decision extends Connection {
  exchange: Exchange;
  target: Target;
  connectionUsedBefore: boolean;
}

async function decide(runtime: Runtime, decision: Decision): Promise<Answer> {
  const { exchange, target } = decision;
  try {
    if (target.kind === 'submit') return await answerSubmit(runtime, decision);
    if (target.kind !== 'upload') return answerRequest(runtime, exchange, target);
    return answerUploadRequest(runtime, exchange, await readText(decision.request));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return json(400, { error: { message: error.message, type: 'sandbox_error', code: '' } });
  }
}

async function serveMedia(
  runtime: Runtime,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = readExchange(request, runtime.clock.now());
  const { at, method, path, headers } = exchange;
  const range = headers['range'] ?? null;
  const seen = { at, method, path, headers, range, status: 0, bytesSent: 0 };
  runtime.store.state.ledger.mediaRequests.push(seen);
  const upload = method === 'PUT' ? await readBytes(request) : null;
  const { answer } = answerMedia(runtime, exchange, upload);
  seen.status = answer.kind === 'transfer' ? answer.status : 0;
  request.resume();
  seen.bytesSent = await sendAnswer(response, answer, runtime.clock);
  runtime.store.saveSoon();
}

function record(
  runtime: Runtime,
  { exchange, target, answer }: { exchange: Exchange; target: Target; answer: Answer },
): void {
  const { ledger } = runtime.store.state;
  const { at, method, path, headers } = exchange;
  const status = answer.kind === 'transfer' ? answer.status : 0;
  const seen = { at, method, path, headers, status };
  if (target.kind === 'status') ledger.statusRequests.push({ ...seen, jobId: target.jobId });
  else if (target.kind === 'content') ledger.contentRequests.push({ ...seen, jobId: target.jobId });
  else if (target.kind !== 'submit') ledger.otherRequests.push(seen);
  runtime.store.saveSoon();
}

/** Pages of the CDN and bare redirects have no headers of the gateway. */
function withGatewayHeaders(
  answer: Answer,
  { generation, requestId }: Pick<Runtime, 'generation'> & Pick<Exchange, 'requestId'>,
): Answer {
  if (answer.kind !== 'transfer' || answer.headers['CF-RAY'] !== undefined) return answer;
  const own = { 'X-New-Api-Version': versions[generation], 'X-Oneapi-Request-Id': requestId };
  return { ...answer, headers: { ...own, ...answer.headers } };
}

const usedConnections = new WeakSet<Socket>();

function markUsed(socket: Socket): boolean {
  const before = usedConnections.has(socket);
  usedConnections.add(socket);
  return before;
}

async function readText(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8');
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

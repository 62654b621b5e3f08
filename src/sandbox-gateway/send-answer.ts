import type { ServerResponse } from 'node:http';
import type { Answer, Transfer } from './answer.ts';
import type { GatewayClock } from './gateway-clock.ts';

/**
 * Sends an answer, with its faults.
 *
 * @returns Bytes of the body that were written to the socket.
 */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  clock: GatewayClock,
): Promise<number> {
  if (answer.kind === 'hang') return 0;
  if (answer.kind === 'drop' || answer.kind === 'reset') return breakOff(response, answer.kind);
  await clock.sleep(answer.headDelayMs ?? 0);
  if (response.destroyed) return 0;
  writeHead(response, answer);
  await clock.sleep(answer.bodyDelayMs ?? 0);
  const bytes = await writeBody(response, answer, clock);
  await finish(response, answer);
  return bytes;
}

function writeHead(response: ServerResponse, answer: Transfer): void {
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.framing === 'length') {
    response.setHeader('Content-Length', answer.declaredLength ?? answer.body.length);
  }
  if (answer.framing === 'close') {
    response.removeHeader('Transfer-Encoding');
    response.setHeader('Connection', 'close');
  }
  response.writeHead(answer.status);
  response.flushHeaders();
}

async function writeBody(
  response: ServerResponse,
  answer: Transfer,
  clock: GatewayClock,
): Promise<number> {
  if (response.req.method === 'HEAD') return 0;
  const bytes = answer.body.subarray(0, answer.sendBytes ?? answer.body.length);
  const step = answer.drip?.bytes ?? Math.max(1, bytes.length);
  let sent = 0;
  do {
    for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
      const part = bytes.subarray(at, at + step);
      const flushed = response.write(part);
      sent += part.length;
      if (!flushed) await drained(response);
      await clock.sleep(answer.drip?.everyMs ?? 0);
    }
  } while (answer.endless === true && !response.destroyed);
  return sent;
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

async function finish(response: ServerResponse, answer: Transfer): Promise<void> {
  if (answer.ending === 'hang' || response.destroyed) return;
  if (answer.ending === 'clean') {
    response.end();
    return;
  }
  await new Promise<void>((resolve) => {
    if (response.writableLength === 0 && response.socket?.writableLength === 0) resolve();
    else response.write('', () => resolve());
    response.once('close', () => resolve());
  });
  if (answer.ending === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.destroySoon();
}

function breakOff(response: ServerResponse, kind: 'drop' | 'reset'): number {
  if (kind === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.destroy();
  return 0;
}

/**
 * Run by hand, with Chromium installed: `npx tsx tools/ui-cancel.ts [screenshot.png]` presses the button "Request
 * Cancellation" of the Temporal UI for a running, paid video, and exits with 1 unless the run reports the effect.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { WebSocket } from 'undici';
import { startTemporalServer } from '../src/dev/temporal-server.ts';
import { playing } from '../test/e2e/requests.ts';
import { createHarness, until, untilPhase } from '../test/e2e/harness.ts';
import { videoSearchAttributes } from '../test/support/video-search-attributes.ts';

const [picture] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'onetake-ui-'));
const server = await startTemporalServer({ searchAttributes: videoSearchAttributes });
try {
  await using harness = await createHarness({ address: server.address });
  await harness.startWorker();
  const { videoId, runId } = await harness.client.start(playing('poll-never-finishes'));
  await untilPhase(harness, videoId, ['queued', 'running']);
  const path = [videoId, runId].map(encodeURIComponent).join('/');
  await cancelInBrowser(
    `${server.uiUrl}/namespaces/${harness.namespace}/workflows/${path}/history`,
  );
  const outcome = await harness.client.wait(videoId, { timeoutMs: 30_000 });
  const jobId = harness.gateway.ledger.paidJobs[0]?.jobId;
  const expected = { outcome: 'watching_stopped', billed: 'yes', jobId };
  const seen = outcome.outcome === 'cancelled' ? outcome.cancellation : outcome;
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  if (!isDeepStrictEqual(seen, expected)) process.exitCode = 1;
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function cancelInBrowser(url: string): Promise<void> {
  const options = ['--headless=new', '--no-sandbox', '--window-size=1400,1000'];
  const own = ['--remote-debugging-port=0', `--user-data-dir=${folder}`];
  const browser = spawn('chromium', [...options, ...own, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const page = await openPage(await debuggerOf(browser.stderr));
    await page.call('Page.navigate', { url });
    await page.press('Request Cancellation');
    await page.press('Confirm');
    await page.untilShown('Workflow Execution Canceled');
    const { data } = await page.call('Page.captureScreenshot');
    if (picture !== undefined) await writeFile(picture, Buffer.from(String(data), 'base64'));
  } finally {
    browser.kill();
    await once(browser, 'exit');
  }
}

/** Chromium prints its address. */
async function debuggerOf(said: AsyncIterable<Buffer>): Promise<URL> {
  let text = '';
  for await (const chunk of said) {
    text += chunk.toString();
    const [, address] = /listening on (ws:\S+)/.exec(text) ?? [];
    if (address !== undefined) return new URL(address);
  }
  throw new Error(`Chromium did not start: ${text.slice(-500)}`);
}

async function openPage({ host }: URL) {
  const targets: unknown = await (await fetch(`http://${host}/json/list`)).json();
  const [target] = targets as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  const waiting = new Map<number, (result: Record<string, unknown>) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as {
      id?: number;
      result?: Record<string, unknown>;
    };
    waiting.get(id ?? -1)?.(result ?? {});
  });
  const call = (method: string, params: object = {}) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const id = waiting.size + 1;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  const isTrue = async (expression: string) => {
    const { result } = await call('Runtime.evaluate', { expression });
    return (result as { value?: unknown } | undefined)?.value === true;
  };
  return {
    call,
    press: (text: string) => {
      const buttons = `[...document.querySelectorAll('button:enabled')]`;
      const button = `${buttons}.find((each) => each.innerText.trim() === ${JSON.stringify(text)})`;
      return until(`button "${text}"`, () =>
        isTrue(`((each) => !!each && !each.click())(${button})`),
      );
    },
    untilShown: (text: string) =>
      until(`"${text}" on the page`, () =>
        isTrue(`document.body.innerText.includes(${JSON.stringify(text)})`),
      ),
  };
}

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { findChromium } from './chromium.ts';

/** A browser, and what its pages complained about. */
export interface TestBrowser extends AsyncDisposable {
  browser: Browser;
  /** Opens a page in a profile of its own. */
  newPage(options?: Parameters<Browser['newContext']>[0]): Promise<Page>;
  /** Errors of scripts, of the console and of the content policy. */
  complaints: string[];
}

/** @throws {UnavailableError} This machine has no Chromium. */
export async function startBrowser(): Promise<TestBrowser> {
  const executablePath = await pathOf(await findChromium());
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--no-proxy-server', '--disable-dev-shm-usage'],
  });
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];
  return {
    browser,
    complaints,
    newPage: async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`${message.text()} at ${page.url()}`);
      });
      return page;
    },
    [Symbol.asyncDispose]: async () => {
      for (const context of contexts) await context.close();
      await browser.close();
    },
  };
}

async function pathOf(name: string): Promise<string> {
  const command = { file: 'which', args: [name], env: process.env, timeoutMs: 10_000 };
  const { exitCode, output } = await runCommand(command);
  if (exitCode !== 0) throw new UnavailableError(`Cannot find "${name}": ${output}`);
  return output.trim();
}

import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { videoSearchAttributeTypes } from './video-search-attributes.ts';

// Measured on server 1.32: usable after 20-50 ms.
const usableTimeoutMs = 20_000;
const tryEveryMs = 25;

/**
 * Registers a namespace of its own for one test file on the shared server, with onetake's search attributes.
 *
 * @returns Its name, once a search by each of the attributes is answered.
 * @throws {Error} When it does not become usable in time, with the server's last answer as cause.
 */
export async function createNamespace(connection: Connection): Promise<string> {
  const namespace = `test-${randomUUID()}`;
  const names = Object.keys(videoSearchAttributeTypes);
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const searchAttributes = videoSearchAttributeTypes;
  await untilAnswered(`"${namespace}" to take search attributes`, async () => {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  });
  const query = names.map((name) => `${name} = "none"`).join(' OR ');
  await untilAnswered(`"${namespace}" to answer a search`, async () => {
    await connection.workflowService.countWorkflowExecutions({ namespace, query });
  });
  return namespace;
}

async function untilAnswered(what: string, ask: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + usableTimeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`, { cause });
    }
    await delay(tryEveryMs);
  }
}

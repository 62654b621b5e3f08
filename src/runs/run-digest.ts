import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { readRequest } from '../contract/read-request.ts';
import { workflowTypes } from '../contract/task-queues.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { requestDigest } from '../identity/request-digest.ts';

/** A run as the server describes it. */
interface DescribedRun {
  workflowId: string;
  runId: string;
  type: string;
  memo?: Record<string, unknown>;
}

/** Of an input that is no request: it equals no request. */
const noRequest = 'none';

/**
 * Digest of the request of a run, whoever started it: from its memo, else from its input in the first event of its
 * history. Undefined for a job that was adopted without its request.
 */
export async function digestOfRun(
  client: Pick<Client, 'options' | 'workflowService'>,
  run: DescribedRun,
): Promise<string | undefined> {
  const told = run.memo?.['requestDigest'];
  if (typeof told === 'string') return told;
  const input = await inputOf(client, run);
  if (run.type !== workflowTypes.generate && input?.request === undefined) return undefined;
  const read = readRequest(input?.request);
  return read.ok ? requestDigest(read.request) : noRequest;
}

/** The request that a run was started with; undefined where it has none, or its history is gone. */
export async function requestOfRun(
  client: Pick<Client, 'options' | 'workflowService'>,
  run: DescribedRun,
): Promise<VideoRequest | undefined> {
  const read = readRequest((await inputOf(client, run).catch(() => undefined))?.request);
  return read.ok ? read.request : undefined;
}

async function inputOf(
  { options, workflowService }: Pick<Client, 'options' | 'workflowService'>,
  { workflowId, runId }: DescribedRun,
): Promise<{ request?: unknown } | undefined> {
  const { namespace, loadedDataConverter } = options;
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [input] = await decodeArrayFromPayloads(loadedDataConverter, started?.input?.payloads);
  return typeof input === 'object' && input !== null ? input : undefined;
}

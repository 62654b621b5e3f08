import { cutText } from '../../contract/cut-text.ts';
import type { FailedPolls } from '../../contract/video-job.ts';
import type { GatewayError } from '../../gateway/gateway-error.ts';
import type { PollMemory } from './poll-memory.ts';
import { describeError } from '../to-application-failure.ts';

/**
 * The server keeps 4 KB of the failure of a poll, which contains the reason three times: in message, stack and
 * details.
 */
const maxReasonBytes = 600;

export function countError(memory: PollMemory, error: GatewayError): PollMemory {
  return {
    ...memory,
    notFoundInARow: error.kind === 'task_not_found' ? memory.notFoundInARow + 1 : 0,
    unreachableInARow: hasAnswered(error) ? 0 : memory.unreachableInARow + 1,
    failedInARow: memory.failedInARow + 1,
  };
}

/** The gateway itself gives these errors, so it is reachable. */
function hasAnswered({ kind }: GatewayError): boolean {
  return kind === 'task_not_found' || kind === 'auth' || kind === 'quota';
}

/** A failed poll says nothing about billing. */
export function failedPolls(error: GatewayError, { failedInARow }: PollMemory): FailedPolls {
  const { gatewayMessage: _, ...failure } = describeError(error, 'gateway_unavailable');
  const message = cutText(error.message, { bytes: maxReasonBytes });
  return { failure: { ...failure, message, billed: 'maybe' }, inARow: failedInARow };
}

import type { CallToolResult } from '@modelcontextprotocol/server';
import type { ApiError } from '../../serve/http/api-error.ts';

/** Key of the machine-readable error in `_meta` of a result. */
export const errorMetaKey = 'onetake/error';

/**
 * What to do next, where the message does not say it. Keys are codes of errors. Every advice is free of charge: an agent
 * follows it without asking.
 */
const nextSteps: Readonly<Record<string, string>> = {
  invalid_request: 'Correct the arguments; list_models shows what a model accepts.',
  not_found: 'list_videos shows the videos.',
  idempotency_key_reused: 'Use the same arguments as before, or another key for another video.',
  may_be_billed: 'Do not start it again: another key would pay again. Ask the person.',
  wrong_phase: 'video_status shows the phase.',
  not_ready: 'Call wait_for_video.',
  temporal_unavailable: 'Nothing is lost. Try again in a few seconds with the same arguments.',
  storage_unavailable: 'Nothing is lost. Try again in a few seconds with the same arguments.',
  no_answer: 'Call video_status before you try again.',
};

/**
 * The result for an error: `<code>: <message>` and what to do next. It has no structured content, because clients check
 * that against the schema of a success.
 */
export function toolError(
  { code, message, status, options }: ApiError,
  requestId: string,
): CallToolResult {
  const { param, details, retryAfterSeconds } = options;
  const key = status >= 500 ? details?.['key'] : undefined;
  const next = typeof key === 'string' ? repeatWords(key) : nextSteps[code];
  const lines = [`${code}: ${message}`, ...(next === undefined ? [] : [next])];
  const error = {
    code,
    message,
    request_id: requestId,
    ...(param !== undefined && { param }),
    ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
    ...details,
  };
  return {
    isError: true,
    content: [{ type: 'text', text: lines.join('\n') }],
    _meta: { [errorMetaKey]: error },
  };
}

/** Another key, or none, would be another video. */
function repeatWords(key: string): string {
  return `The video may have been started. Repeat the call with key="${key}" and the same arguments: that is the same video, paid once.`;
}

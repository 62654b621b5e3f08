import { z } from 'zod';
import { cutText } from '../../contract/cut-text.ts';
import type { EvaluatedRequest } from '../../contract/models/evaluate-request.ts';

/** Longer prompts are cut in lists and statuses; the run has the whole prompt. */
const maxPromptBytes = 4_096;

/** Name of the memo field. */
export const httpMemoName = 'http';

const schema = z.object({
  model: z.string().catch(''),
  prompt: z.string().nullable().catch(null),
  seconds: z.string().catch(''),
  size: z.string().catch(''),
});

/** What the HTTP API shows of a request, in the memo of its run: a description and a listing return it. */
export type HttpMemo = z.infer<typeof schema>;

/** The memo of a request. */
export function httpMemo({ body }: EvaluatedRequest): HttpMemo {
  const { model, prompt, seconds, duration, size } = body;
  return {
    model,
    prompt: typeof prompt === 'string' ? cutText(prompt, { bytes: maxPromptBytes }) : null,
    seconds: textOf(seconds) ?? textOf(duration) ?? '',
    size: textOf(size) ?? '',
  };
}

/** Reads the memo of a run; empty for a run that the HTTP API has not started. */
export function readHttpMemo(memo: Record<string, unknown> | undefined): HttpMemo {
  return schema
    .catch({ model: '', prompt: null, seconds: '', size: '' })
    .parse(memo?.[httpMemoName]);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

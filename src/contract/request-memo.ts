import { cutText } from './cut-text.ts';

/** Longer prompts are cut in lists and statuses; the run has the whole prompt. */
const maxPromptBytes = 4_096;

/** Name of the memo field. Memos of earlier versions have it too, from the time when only the HTTP API wrote them. */
export const requestMemoName = 'http';

/** What lists and statuses show of a request, in the memo of its run: a description and a listing return it. */
export interface RequestMemo {
  model: string;
  prompt: string | null;
  seconds: string;
  size: string;
  /** Tags of the start. */
  tags: string[];
}

/** The memo of a request. */
export function requestMemo(
  body: { model: string; [field: string]: unknown },
  tags: readonly string[] = [],
): RequestMemo {
  const { model, prompt, seconds, duration, size } = body;
  return {
    model,
    prompt: typeof prompt === 'string' ? cutText(prompt, { bytes: maxPromptBytes }) : null,
    seconds: textOf(seconds) ?? textOf(duration) ?? '',
    size: textOf(size) ?? '',
    tags: [...tags],
  };
}

/** Reads the memo of a run; empty for a run that was started by name, or by an earlier version. */
export function readRequestMemo(memo: Record<string, unknown> | undefined): RequestMemo {
  const found = memo?.[requestMemoName];
  const fields: Record<string, unknown> =
    typeof found === 'object' && found !== null ? { ...found } : {};
  const { model, prompt, seconds, size, tags } = fields;
  return {
    model: textOf(model) ?? '',
    prompt: typeof prompt === 'string' ? prompt : null,
    seconds: textOf(seconds) ?? '',
    size: textOf(size) ?? '',
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

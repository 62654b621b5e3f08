/** Exit codes. docs/cli.md repeats this table, and a test compares the two. */
export const exitCodes = {
  ok: { code: 0, meaning: 'The video is stored, or the command succeeded.' },
  failed: { code: 1, meaning: 'The video failed, or a check, a copy or a cancellation failed.' },
  badInput: { code: 2, meaning: 'Bad input or configuration; nothing was submitted.' },
  pending: {
    code: 3,
    meaning:
      'Still under way: the wait limit passed, or the video is overdue or unresolved. Nothing is lost.',
  },
  cancelled: { code: 4, meaning: 'The video was cancelled.' },
  unreachable: { code: 5, meaning: 'Temporal is unreachable, or stopped responding.' },
  detached: { code: 130, meaning: 'Ctrl-C: the command stopped watching; the video continues.' },
} as const satisfies Record<string, { code: number; meaning: string }>;

/** Commands return a name; only main.ts converts it to a number. */
export type Exit = keyof typeof exitCodes;

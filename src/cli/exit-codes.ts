/** What the command ends with. docs/cli.md repeats this table, and a test compares the two. */
export const exitCodes = {
  ok: { code: 0, meaning: 'The video is stored, or what was asked is done.' },
  failed: { code: 1, meaning: 'The video failed, or a check, a copy or a cancellation did.' },
  badInput: { code: 2, meaning: 'Bad input or configuration; nothing was submitted.' },
  pending: {
    code: 3,
    meaning: 'Still under way: the limit passed, it is overdue or unresolved. Nothing is lost.',
  },
  cancelled: { code: 4, meaning: 'The video was cancelled.' },
  unreachable: { code: 5, meaning: 'Temporal cannot be reached, or stopped answering.' },
  detached: { code: 130, meaning: 'Ctrl-C: we stopped watching, and the video goes on.' },
} as const satisfies Record<string, { code: number; meaning: string }>;

/** Commands speak of ends by name; only main.ts turns one into a number. */
export type Exit = keyof typeof exitCodes;

import type { CommandEntry } from '../context.ts';

/** `onetake mcp …`, in the order of the help. */
export const mcpCommands: Readonly<Record<string, CommandEntry>> = {
  approve: {
    summary: 'let an agent make the video of a quote, once',
    load: async () => (await import('./approve.ts')).configureMcpApprove,
  },
};

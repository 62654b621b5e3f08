import type { CommandEntry } from '../context.ts';

/** `onetake mcp …`, in the order of the help. */
export const mcpCommands: Readonly<Record<string, CommandEntry>> = {};

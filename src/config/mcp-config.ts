import { z } from 'zod';
import { parse, type Env } from './settings.ts';

/** What agents may spend per tenant and UTC day without asking a person. Reservations are of the highest cost. */
export type StandingCap = { money: number } | { videos: number };

const capPattern = /^(?<amount>\d{1,9}(?:\.\d{1,6})?)(?<videos> *videos?)?(?: *\/ *day)?$/;

const standingCap = z
  .string()
  .refine(
    (text) => readCap(text) !== undefined,
    'must be money or a number of videos per day, e.g. 5, 2.50/day or "3 videos"',
  )
  .transform(readCap);

const mcpSchema = z.object({
  MCP_SPEND_WITHOUT_ASKING: standingCap.exactOptional(),
});

/** Settings of the MCP server. @throws {ConfigError} */
export function mcpConfig(env: Env) {
  const { MCP_SPEND_WITHOUT_ASKING: standing } = parse(mcpSchema, env);
  return {
    /** Null: a person approves each video. */
    standing: standing ?? null,
  };
}

/** Null for 0, which permits nothing; undefined if it cannot be read. */
function readCap(text: string): StandingCap | null | undefined {
  const { amount, videos } = capPattern.exec(text.trim())?.groups ?? {};
  const number = Number(amount);
  if (amount === undefined || (videos !== undefined && !Number.isInteger(number))) return undefined;
  if (number === 0) return null;
  return videos === undefined ? { money: number } : { videos: number };
}

const toolsSchema = z.object({
  MCP_TENANT: z.string().default('local'),
  MCP_RESOLVE: z.enum(['on', 'off']).default('off'),
});

/** Settings of the tools of agents. @throws {ConfigError} */
export function mcpToolsConfig(env: Env) {
  const { MCP_TENANT: tenant, MCP_RESOLVE: resolve } = parse(toolsSchema, env);
  return {
    /** Of `onetake mcp`; at the HTTP API it is that of the API key. */
    tenant,
    withResolve: resolve === 'on',
  };
}

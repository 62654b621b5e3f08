import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import { defaultCacheDir, installIntoCache } from '../../src/dev/binary-cache.ts';
import { runCommand, type Environment, type RunCommand } from '../../src/dev/run-command.ts';
import { findNewestLts } from '../../tools/newest-lts.ts';

/** Which programs, and what they need, each with its hash: a package.json and its lock file. */
const pinned = fileURLToPath(new URL('../e2e/mcp-tools/', import.meta.url));
const files = ['package.json', 'package-lock.json'] as const;
const oldestNode = 22;
/** Measured: 25 s, for 145 MB on the disk. */
const installLimitMs = 240_000;
/** For the hook of vitest in which they are looked for; a Node may be downloaded, too. */
export const mcpToolsLimitMs = installLimitMs + 240_000;

const scripts = {
  conformance: 'node_modules/@modelcontextprotocol/conformance/dist/index.js',
  inspector: 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
};

/** The official programs that test MCP servers. */
export interface McpTools {
  /** A Node that they run on. */
  node: string;
  conformance: string;
  inspector: string;
}

interface Place {
  env?: Environment;
  run?: RunCommand;
  onProgress?: (line: string) => void;
}

/**
 * The conformance suite and the inspector: from the cache, or installed with npm once a machine. The lock file has the hash
 * of each package, and no script of a package runs.
 *
 * @throws {UnavailableError} There is no Node that they run on, or the registry cannot be reached.
 */
export async function findMcpTools(place: Place = {}): Promise<McpTools> {
  const { env = process.env, run = runCommand, onProgress = toStderr } = place;
  const node = await findNode(env, onProgress);
  const cacheDir = defaultCacheDir(env);
  const digest = createHash('sha256').update(await readFile(join(pinned, files[1])));
  const target = join(cacheDir, `mcp-tools-${digest.digest('hex').slice(0, 12)}`);
  if (!(await exists(target))) {
    onProgress('Installing the MCP conformance suite and inspector with npm, once');
    try {
      await installIntoCache(target, cacheDir, (folder) => install(folder, { env, run }));
    } catch (error) {
      // Another test run was faster.
      if (!(await exists(target))) throw error;
    }
  }
  const pathOf = (script: string) => join(target, script);
  return { node, conformance: pathOf(scripts.conformance), inspector: pathOf(scripts.inspector) };
}

async function findNode(env: Environment, onProgress: (line: string) => void): Promise<string> {
  const [major] = process.versions.node.split('.');
  if (Number(major) >= oldestNode) return process.execPath;
  return findNewestLts({ env, onProgress });
}

async function install(
  folder: string,
  { env, run }: { env: Environment; run: RunCommand },
): Promise<string> {
  const home = join(folder, 'home');
  await mkdir(home);
  for (const file of files) await copyFile(join(pinned, file), join(home, file));
  const { exitCode, output } = await run({
    file: 'npm',
    // Not `ci`, which demands an optional package for Windows that the registry does not have.
    args: ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'],
    env,
    cwd: home,
    timeoutMs: installLimitMs,
  });
  if (exitCode === 0) return home;
  const reason = output.replaceAll(/\w+:\/\/\S+/g, '<address>').slice(-400);
  if (output.includes('EINTEGRITY')) throw new Error(`npm install failed: ${reason}`);
  throw new UnavailableError(`npm install of the MCP programs failed: ${reason}`);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function toStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

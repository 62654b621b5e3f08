import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import { bundleFolderVariable } from '../support/workflow-bundle.ts';
import { videoSearchAttributes } from '../support/video-search-attributes.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    temporalAddress: string;
  }
}

/**
 * Starts the one Temporal server of a test run, on an SQLite file as a user has it; the teardown ends it.
 *
 * `E2E_TEMPORAL_ADDRESS` names another one, for `npm run test:e2e:postgres`; not TEMPORAL_ADDRESS, which may be a server
 * that matters.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-e2e-'));
  try {
    const { E2E_TEMPORAL_ADDRESS: existingAddress } = process.env;
    const server = await startTemporalServer({
      ...(existingAddress !== undefined && { existingAddress }),
      databaseFile: join(folder, 'temporal.db'),
      searchAttributes: videoSearchAttributes,
      ui: false,
    });
    project.provide('temporalAddress', server.address);
    process.env[bundleFolderVariable] = folder;
    return async () => {
      delete process.env[bundleFolderVariable];
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

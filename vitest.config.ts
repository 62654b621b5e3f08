import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { alone } from './tools/e2e-files.ts';
import { LongestFirst } from './tools/longest-first.ts';

const aloneNames = alone.join('|');

const e2e = {
  globalSetup: ['test/e2e/global-setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    pool: 'forks',
    // Vitest leaves one core free: on two cores, it would run one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/workflow/**'],
          // Half of the time went into importing the same modules again for each file. A test must leave no state behind in
          // them: `npx vitest run --project unit --sequence.shuffle.files` finds one that does.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'workflow',
          include: ['test/workflow/**/*.test.ts'],
          globalSetup: ['test/workflow/global-setup.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          ...e2e,
          name: 'e2e',
          // No `exclude`, which would take the place of that on the command line.
          include: [`test/e2e/!(${aloneNames}).test.ts`],
          // Half of the time a case waits for a job or a timer. Each has a namespace of its own on one server.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          ...e2e,
          name: 'e2e-alone',
          include: [`test/e2e/(${aloneNames}).test.ts`],
          fileParallelism: false,
        },
      },
    ],
  },
});

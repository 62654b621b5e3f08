import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { longest } from './e2e-files.ts';

/**
 * The order of vitest, with the longest e2e files first. Vitest only knows durations of earlier runs, and a long file
 * that starts last would run alone.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ moduleId, project }: TestSpecification): number {
  const isE2e = project.name.startsWith('e2e');
  const place = isE2e ? longest.indexOf(basename(moduleId, '.test.ts')) : -1;
  return place === -1 ? longest.length : place;
}

import type { Scenario } from './scenario.ts';
import { contentScenarios } from './scenarios-download-content.ts';
import { fileScenarios } from './scenarios-download-file.ts';
import { transportScenarios } from './scenarios-download-transport.ts';
import { bodyScenarios } from './scenarios-poll-body.ts';
import { courseScenarios } from './scenarios-poll-course.ts';
import { faultScenarios } from './scenarios-poll-fault.ts';
import { resultScenarios } from './scenarios-poll-result.ts';
import { modelsScenarios } from './scenarios-models.ts';
import { reconcileScenarios } from './scenarios-reconcile.ts';
import { acceptedScenarios } from './scenarios-submit-accepted.ts';
import { refusedScenarios } from './scenarios-submit-refused.ts';
import { throttledScenarios } from './scenarios-submit-throttled.ts';
import { unknownScenarios } from './scenarios-submit-unknown.ts';

/** Every named behaviour, in the order of gateway.md 13. */
export const scenarios: readonly Scenario[] = [
  ...acceptedScenarios,
  ...unknownScenarios,
  ...throttledScenarios,
  ...refusedScenarios,
  ...courseScenarios,
  ...bodyScenarios,
  ...resultScenarios,
  ...faultScenarios,
  ...transportScenarios,
  ...fileScenarios,
  ...contentScenarios,
  ...reconcileScenarios,
  ...modelsScenarios,
].toSorted((left, right) => left.number - right.number);

import type { Scenario } from './scenario.ts';
import { callbackScenarios } from './callback.ts';
import { contentScenarios } from './download-content.ts';
import { fileScenarios } from './download-file.ts';
import { transportScenarios } from './download-transport.ts';
import { bodyScenarios } from './poll-body.ts';
import { courseScenarios } from './poll-course.ts';
import { faultScenarios } from './poll-fault.ts';
import { resultScenarios } from './poll-result.ts';
import { modelsScenarios } from './models.ts';
import { reconcileScenarios } from './reconcile.ts';
import { acceptedScenarios } from './submit-accepted.ts';
import { refusedScenarios } from './submit-refused.ts';
import { throttledScenarios } from './submit-throttled.ts';
import { unknownScenarios } from './submit-unknown.ts';

/** All scenarios, by phase. */
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
  ...callbackScenarios,
].toSorted((left, right) => left.number - right.number);

import { expect, test } from 'vitest';
import { maxSubmitTimeoutMs } from '../../src/contract/defaults.ts';
import { shutdownGraceMs, submitOverMs } from '../../src/contract/submit-times.ts';
import { defaultSubmitTimeoutMs } from '../../src/workflows/activity-options.ts';

test('the longest allowed submit ends within the shutdown grace, and before a submit is believed over', () => {
  expect(defaultSubmitTimeoutMs).toBeLessThanOrEqual(maxSubmitTimeoutMs);
  expect(maxSubmitTimeoutMs).toBeLessThan(shutdownGraceMs);
  expect(maxSubmitTimeoutMs).toBeLessThan(submitOverMs);
});

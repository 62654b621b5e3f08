import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { expect, test } from 'vitest';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { parsePayloadKeys } from '../../src/codec/payload-keys.ts';
import { promptWords, runSummary } from '../../src/contract/run-summary.ts';

/** Temporal's limit for a summary. */
const limitBytes = 400;
const codec = createPayloadCodec(
  parsePayloadKeys(`production-2026-11:${randomBytes(32).toString('base64')}`),
);

async function encryptedBytes(summary: string): Promise<number> {
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload(summary)]);
  return proto.temporal.api.common.v1.Payload.encode(payload ?? {}).finish().length;
}

test.each([
  ['of people', '👨‍👩‍👧‍👦'.repeat(200)],
  ['in Chinese', '一只猫在雪地里奔跑'.repeat(100_000)],
  ['of quotes', '"'.repeat(1_000)],
  ['of control characters', '\u0001'.repeat(1_000)],
  ['with thousands of accents on one letter', `a${'\u0301'.repeat(5_000)}`],
])("a summary of a prompt %s fits Temporal's limit, encrypted", async (_, prompt) => {
  const summary = runSummary('kling-v2-master', '10 s', promptWords(prompt));
  expect(await encryptedBytes(summary)).toBeLessThanOrEqual(limitBytes);
  expect(Buffer.from(summary).toString()).toBe(summary);
});

test("a summary of long ids fits Temporal's limit, and ends with an ellipsis", async () => {
  const summary = runSummary('m'.repeat(3_000), 'key'.repeat(300));
  expect(await encryptedBytes(summary)).toBeLessThanOrEqual(limitBytes);
  expect(summary).toMatch(/^m+…$/);
});

test('a summary keeps as many characters of a Chinese prompt as of a Latin one', () => {
  expect(promptWords('猫'.repeat(100))).toBe(`${'猫'.repeat(60)}…`);
  expect(promptWords('猫'.repeat(60))).toBe('猫'.repeat(60));
});

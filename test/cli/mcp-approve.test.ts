import { expect, test } from 'vitest';
import { approveInTerminal, configureMcpApprove } from '../../src/cli/mcp/approve.ts';
import { createOutput } from '../../src/cli/output.ts';
import { UsageError } from '../../src/cli/context.ts';
import { request, spendingHarness } from '../mcp/spending/spending-harness.ts';
import { runCommand } from './run-command.ts';

/** A quote, and a person at a terminal. */
async function terminal(given: Partial<typeof request> = {}) {
  const harness = spendingHarness();
  const asked = { ...request, ...given };
  const { confirm, code } = await harness.permissions.offer(asked);
  const shown: string[] = [];
  const stream = {
    write: (text: string | Uint8Array) => {
      shown.push(String(text));
      return true;
    },
  };
  const output = createOutput({ json: false, stdout: stream, stderr: stream, env: {} });
  const approve = (answer: () => boolean | Promise<boolean>, which = code) =>
    approveInTerminal(which, {
      offers: harness.offers,
      output,
      ask: async (question) => {
        shown.push(question);
        return answer();
      },
    });
  const isPermitted = async () => (await harness.permissions.check(asked, confirm)).ok;
  return { ...harness, approve, isPermitted, text: () => shown.join('') };
}

test('mcp approve shows what is made and paid, and yes approves it', async () => {
  const { approve, isPermitted, text } = await terminal();
  expect(await approve(() => true)).toBe('ok');
  expect(text()).toContain('kling-v1: 1.5');
  expect(text()).toContain('A cat naps in the sun');
  expect(text()).toContain('acme');
  expect(text()).toContain('once, for at most 1.5?');
  expect(await isPermitted()).toBe(true);
});

test('mcp approve with any other answer approves nothing', async () => {
  const { approve, isPermitted, text } = await terminal();
  expect(await approve(() => false)).toBe('cancelled');
  expect(text()).toContain('Not approved');
  expect(await isPermitted()).toBe(false);
});

test('mcp approve of a quote that expires before the answer approves nothing', async () => {
  const { approve, isPermitted, clock } = await terminal();
  const exit = await approve(() => {
    clock.ms += 600_000;
    return true;
  });
  expect(exit).toBe('failed');
  expect(await isPermitted()).toBe(false);
});

test('mcp approve asks nothing about a quote that is expired, approved or used', async () => {
  const { approve, isPermitted, clock } = await terminal();
  const neverAsked = () => {
    throw new Error('asked');
  };
  await approve(() => true);
  expect(await approve(neverAsked)).toBe('ok');
  await isPermitted();
  expect(await approve(neverAsked)).toBe('ok');
  clock.ms += 86_400_000;
  expect(await approve(neverAsked)).toBe('failed');
});

test('mcp approve of an unknown code is refused', async () => {
  const { approve } = await terminal();
  for (const code of ['00000000', 'cat', '../../x', '']) {
    await expect(approve(() => true, code)).rejects.toThrow(UsageError);
  }
});

test('mcp approve says that an unknown price is approved', async () => {
  const { approve, text } = await terminal({ money: null });
  await approve(() => false);
  expect(text()).toContain('for an unknown price?');
});

test('mcp approve shows no control characters, so that a prompt cannot change what a person sees', async () => {
  const trick = '\u001B[2J\u001B[Hcat: 0.01\u202Ex\r\nline two';
  const { approve, text } = await terminal({ prompt: trick, model: trick });
  await approve(() => false);
  for (const line of text().split('\n')) expect(line).not.toMatch(/[\p{Cc}\u202E]/u);
  expect(text()).toContain('line two');
});

test('mcp approve without a terminal, or with --json, is refused before it reads anything', async () => {
  for (const argv of [['K7QM-2X9T'], ['K7QM-2X9T', '--json']]) {
    const { exit, stderr } = await runCommand(configureMcpApprove, argv, {
      STORAGE_URL: 's3://not-a-bucket',
    });
    expect(exit).toBe('badInput');
    expect(stderr).toContain('a person approves in a terminal');
  }
});

test('mcp approve has no option that takes the place of a person', async () => {
  for (const option of ['--yes', '-y', '--force']) {
    await expect(runCommand(configureMcpApprove, ['K7QM-2X9T', option])).rejects.toThrow(
      'unknown option',
    );
  }
});

import { expect, test } from 'vitest';
import type { StandingCap } from '../../src/config/mcp-config.ts';
import { endings as ends } from '../client/outcomes.ts';
import type { Ending } from '../serve/fake-temporal.ts';
import { agrees, cat, dataOf, mcpHarness, textOf } from './mcp-harness.ts';
import { minute, noon, spendingHarness } from './spending/spending-harness.ts';

const endings = {
  cancelled: { run: { status: 'CANCELLED', billed: 'no' }, result: ends.cancelled },
  failed: {
    run: { status: 'FAILED', billed: 'no' },
    result: ends.failed({ kind: 'quota', message: 'No balance', billed: 'no' }),
  },
} satisfies Record<string, Ending>;

const priced = { ...cat, model: 'SD2.5 480P' };

/** A server with its clock, and the one video that an agent started. */
async function server(standing: StandingCap | null = null) {
  const spending = spendingHarness({ standing });
  const { permissions, now } = spending;
  const mcp = await mcpHarness({ permissions, now });
  const { runs, endings: ended } = mcp.temporal;
  let history = 100;
  /** The video ends at no cost. */
  const end = (how: keyof typeof endings) => {
    const { run, result } = endings[how];
    for (const id of runs.keys()) {
      // The state of a run that has changed has a longer history.
      history += 1;
      ended.set(id, { run: { ...run, historyLength: history }, result });
    }
  };
  /** Videos that have ended, and were not started again. */
  const over = () => ended.size;
  return { ...mcp, ...spending, end, over };
}

/** A person approves a quote, and the agent uses it. */
async function approved(standing: StandingCap | null = null) {
  const parts = await server(standing);
  const { call } = await parts.connect();
  const { confirm, code } = dataOf(await call('quote_video', priced))['approval'] as {
    confirm: string;
    code: string;
  };
  if (!standing) await parts.approve(code);
  const repeat = () => call('generate_video', { ...priced, confirm });
  expect((await repeat()).isError).toBeUndefined();
  return { ...parts, call, repeat };
}

/** A person answers a question, and the host repeats the answer. */
async function answered() {
  const parts = await server();
  const { call } = await parts.connect({ person: agrees });
  expect((await call('generate_video', priced)).isError).toBeUndefined();
  const { headers, body = '' } =
    parts.requests.findLast((each) => each.body.includes('"requestState"')) ?? {};
  const repeat = async () => {
    const request = new Request(parts.url, { method: 'POST', headers: headers ?? {}, body });
    return (await parts.app.fetch(request)).text();
  };
  return { ...parts, repeat };
}

test('a video that a person cancelled is not started again by the token that was used for it', async () => {
  const { repeat, end, over, clock } = await approved();
  end('cancelled');
  const soon = await repeat();
  clock.ms += 20 * 60 * minute;
  const late = await repeat();
  for (const result of [soon, late])
    expect(textOf(result)).toContain('cancelled: Nothing was spent');
  expect(over()).toBe(1);
});

test('a video that a person cancelled is not started again by a repeated answer', async () => {
  const { repeat, end, over, clock } = await answered();
  end('cancelled');
  expect(await repeat()).toContain('cancelled: Nothing was spent');
  clock.ms += 20 * minute;
  expect(await repeat()).toContain('cancelled: Nothing was spent');
  expect(over()).toBe(1);
});

test('a video that a person cancelled is not started again under the standing permission', async () => {
  const { repeat, end, over, call } = await approved({ money: 50 });
  end('cancelled');
  expect(textOf(await repeat())).toContain('cancelled: Nothing was spent');
  const key = { ...priced, key: 'mine' };
  expect((await call('generate_video', key)).isError).toBeUndefined();
  end('cancelled');
  expect(textOf(await call('generate_video', key))).toContain('cancelled: Nothing was spent');
  expect(over()).toBe(2);
});

test('a used token starts a video that failed at no cost again within 10 minutes only', async () => {
  const { repeat, end, over, clock } = await approved();
  end('failed');
  clock.ms += 10 * minute - 1;
  expect((await repeat()).isError).toBeUndefined();
  expect(over()).toBe(0);
  end('failed');
  clock.ms += 1;
  const late = await repeat();
  expect(textOf(late)).toContain('approval_expired: Nothing was spent');
  expect(late._meta?.['onetake/error']).toMatchObject({ confirm: expect.any(String) });
  expect(over()).toBe(1);
});

test('a used token finds its video for a day', async () => {
  const { repeat, temporal, clock } = await approved();
  clock.ms += 23 * 60 * minute;
  expect((await repeat()).structuredContent).toMatchObject({ outcome: 'cached' });
  expect(temporal.runs.size).toBe(1);
});

test('a repeated answer finds its video after 10 minutes, and starts none', async () => {
  const { repeat, over, clock, end, temporal } = await answered();
  clock.ms += 11 * minute;
  expect(await repeat()).toContain('"outcome":"cached"');
  end('failed');
  expect(await repeat()).toContain('"resultType":"input_required"');
  expect([temporal.runs.size, over()]).toEqual([1, 1]);
});

test('a token that was used under the standing permission starts nothing on the next day', async () => {
  const { repeat, end, over, clock, call } = await (async () => {
    const parts = await server({ videos: 1 });
    parts.clock.ms = noon + 12 * 60 * minute - minute;
    const { call } = await parts.connect();
    const { confirm } = dataOf(await call('quote_video', priced))['approval'] as {
      confirm: string;
    };
    const repeat = () => call('generate_video', { ...priced, confirm });
    await repeat();
    return { ...parts, call, repeat };
  })();
  end('failed');
  clock.ms += minute;
  expect(textOf(await repeat())).toContain('approval_expired: Nothing was spent');
  expect(over()).toBe(1);
  expect((await call('generate_video', { ...priced, prompt: 'A dog' })).isError).toBeUndefined();
  const third = await call('generate_video', { ...priced, prompt: 'A wolf' });
  expect(textOf(third)).toContain('over_cap');
});

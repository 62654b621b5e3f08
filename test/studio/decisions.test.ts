import {
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { ClientScript } from '../fakes/fake-client.ts';
import { failure } from '../client/outcomes.ts';
import { studioHarness } from './studio-harness.ts';

const attack = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`;
const path = '/studio/decisions/video%2Fdemo';
const startedAt = '2026-11-30T10:00:00.000Z';
const base = { billed: 'maybe', startedAt, changedAt: startedAt, warnings: [], format: 'videos' };
const submit = {
  failure: { ...failure, kind: 'submit_unknown', message: 'The answer was lost' },
  since: startedAt,
  until: '2026-11-30T10:00:05.000Z',
  findings: ['The task log has 2 jobs'],
  candidates: ['task_1', 'task_2'],
};

/** A studio with one unresolved video. */
async function unresolved(unknown: object | null = submit, script: ClientScript = {}) {
  const harness = await studioHarness({
    script: {
      runs: [{ phase: 'unresolved', billed: 'maybe' }],
      query: () => ({ ...base, phase: 'unresolved', unresolved: unknown }),
      update: () => undefined,
      ...script,
    },
  });
  const updates = () => harness.calls.filter(({ name }) => name === 'update');
  /** Sends a form of the page that shows this submit. */
  const decide = (fields: Record<string, string>, since = startedAt) =>
    harness.post(path, { since, ...fields });
  return { ...harness, updates, decide };
}

function refused(kind: string): () => never {
  return () => {
    if (kind === 'no_answer') throw new WorkflowUpdateRPCTimeoutOrCancelledError('late');
    const cause = ApplicationFailure.create({
      type: kind,
      message: 'refused',
      details: [{ kind, message: 'refused', billed: 'maybe' }],
    });
    throw new WorkflowUpdateFailedError('failed', cause);
  };
}

describe('the page of a decision', () => {
  test('shows the findings, the candidates, and what each decision costs; it decides nothing', async () => {
    const { get, updates } = await unresolved();
    const page = await (await get(path)).text();
    for (const text of ['The task log has 2 jobs', 'task_1', 'task_2', 'The answer was lost'])
      expect(page).toContain(text);
    expect(page).toContain('Costs nothing.');
    expect(page).toContain('you pay twice');
    expect(page).toContain('it stays billed');
    await get(`${path}?action=abandon&word=demo`);
    expect(updates()).toEqual([]);
  });

  test('shows a decision that was taken, and no forms', async () => {
    const { get } = await unresolved({ ...submit, decided: 'resubmit' });
    const page = await (await get(path)).text();
    expect(page).toContain('Decided: submit again.');
    expect(page).not.toContain('name="action"');
  });

  test('says what the video is now if nothing is unresolved any more', async () => {
    const { get } = await studioHarness({
      script: { runs: [{ phase: 'running', jobId: 'task_1' }] },
    });
    const page = await (await get(path)).text();
    expect(page).toContain('Nothing is left to decide');
    expect(page).not.toContain('name="action"');
  });
});

test('the elements of a candidate are of its job, not of its place in the list', async () => {
  const idsOf = async (candidates: string[]) => {
    const { get } = await unresolved({ ...submit, candidates });
    const page = await (await get(path)).text();
    const found = page.matchAll(
      /<label class="choice" id="([^"]+)" for="([^"]+)"\s*><input[^>]*id="\2"[^>]*value="([^"]+)"/gs,
    );
    return new Map([...found].map(([, label, input, job]) => [job, `${label} ${input}`]));
  };
  const before = await idsOf(['task_1', 'task_2']);
  const after = await idsOf(['task_0', 'task_1', 'task_2']);
  expect(before.size).toBe(2);
  expect(new Set(after.values()).size).toBe(3);
  for (const [job, ids] of before) expect(after.get(job)).toBe(ids);
});

describe('a decision', () => {
  test.each([
    ['a candidate', { candidate: 'task_2', job: '' }, 'task_2'],
    ['a typed job id', { job: ' task_9 ' }, 'task_9'],
  ])('adopts %s', async (_, fields, jobId) => {
    const { decide, updates } = await unresolved();
    const response = await decide({ action: 'adopt', ...fields });
    expect([response.status, response.headers.get('location')]).toEqual([303, path]);
    expect(updates()).toMatchObject([
      {
        given: [
          'video/demo',
          'resolveSubmission',
          { args: [{ action: 'adopt', jobId, since: startedAt }] },
        ],
      },
    ]);
  });

  test.each(['resubmit', 'abandon'])('to %s needs the typed word', async (action) => {
    const { decide, updates } = await unresolved();
    for (const word of ['', 'yes', 'video/dem']) {
      const response = await decide({ action, word });
      expect(response.status).toBe(422);
      expect(await response.text()).toContain('Nothing was done: type demo exactly as shown.');
    }
    expect(updates()).toEqual([]);
    expect((await decide({ action, word: ' Demo ' })).status).toBe(303);
    expect(updates()).toMatchObject([
      { given: ['video/demo', 'resolveSubmission', { args: [{ action, since: startedAt }] }] },
    ]);
  });

  test.each([
    ['no job', { action: 'adopt', job: ' ' }, 'choose a job, or type its id'],
    ['two jobs', { action: 'adopt', candidate: 'task_1', job: 'task_2' }, 'not both'],
    ['an unknown action', { action: 'constructor' }, 'this is no decision'],
    ['no action', {}, 'this is no decision'],
  ])('with %s does nothing', async (_, fields, words) => {
    const { decide, updates } = await unresolved();
    const response = await decide(fields);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(words);
    expect(updates()).toEqual([]);
  });

  test('that is sent twice has one update id, so that it counts once', async () => {
    const { decide, updates } = await unresolved();
    await decide({ action: 'resubmit', word: 'demo' });
    await decide({ action: 'resubmit', word: 'demo' });
    const ids = updates().map(({ given }) => (given[2] as { updateId: string }).updateId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test.each([
    ['another person was faster', 'wrong_phase', 409, 'There is nothing to decide any more'],
    ['the job belongs to another video', 'job_taken', 409, 'This job belongs to another video'],
    ['no worker answers', 'no_answer', 503, 'a repeated decision counts once'],
  ])('says what to do if %s', async (_, kind, status, words) => {
    const { decide } = await unresolved(submit, { update: refused(kind) });
    const response = await decide({ action: 'adopt', candidate: 'task_1' });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
  });

  const later = '2026-11-30T10:20:00.000Z';

  test.each([
    ['resubmit', { action: 'resubmit', word: 'demo' }],
    ['adopt', { action: 'adopt', candidate: 'task_1' }],
  ])('to %s of an earlier submit does not decide a later one', async (_, fields) => {
    const { get, decide, updates } = await unresolved({ ...submit, since: later });
    const response = await decide(fields, startedAt);
    expect(response.status).toBe(409);
    const page = await response.text();
    expect(page).toContain('Your form was about an earlier request');
    expect(page).not.toContain('checked');
    expect((await decide(fields, '')).status).toBe(409);
    expect(updates()).toEqual([]);
    expect(await (await get(path)).text()).toContain(`name="since" value="${later}"`);
  });

  test('says that it was about an earlier submit if the run refuses it for that', async () => {
    let since = startedAt;
    const { decide, updates } = await unresolved(submit, {
      runs: () => ({ phase: 'unresolved', historyLength: since === later ? 30 : 20 }),
      query: () => ({ ...base, phase: 'unresolved', unresolved: { ...submit, since } }),
      update: () => {
        since = later;
        refused('wrong_phase')();
      },
    });
    const response = await decide({ action: 'resubmit', word: 'demo' });
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('Your form was about an earlier request');
    expect(updates()).toHaveLength(1);
  });

  test('is neither offered nor sent while no worker can say which submit it is about', async () => {
    const { get, decide, updates } = await unresolved(null);
    expect(await (await get(path)).text()).not.toContain('name="action"');
    const response = await decide({ action: 'resubmit', word: 'demo' });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('which request is to be decided');
    expect(updates()).toEqual([]);
  });

  test('that is refused has its reason at the field', async () => {
    const { decide } = await unresolved();
    const page = await (await decide({ action: 'abandon', word: 'x' })).text();
    const [, fault = ''] =
      /<input[^>]*aria-describedby="(abandon[^"]*)"[^>]*data-autofocus/s.exec(page) ?? [];
    expect(page).toContain(`<p class="fault" id="${fault}">Nothing was done`);
    const { decide: adopt } = await unresolved(submit, { update: refused('job_taken') });
    const taken = await (await adopt({ action: 'adopt', candidate: 'task_2' })).text();
    expect(taken).toMatch(/<fieldset aria-describedby="([^"]+)".*id="\1">This job belongs/s);
    expect(taken).not.toContain('aria-invalid');
  });

  test('of a form of another site is refused', async () => {
    const { post, updates } = await unresolved();
    const fields = { action: 'abandon', word: 'demo' };
    const response = await post(path, fields, { origin: 'https://evil.example' });
    expect(response.status).toBe(403);
    expect(updates()).toEqual([]);
  });
});

test('texts of callers and of the gateway are text, not HTML, on the page of a decision', async () => {
  const { get, post } = await unresolved({
    ...submit,
    failure: { ...submit.failure, message: attack, gatewayMessage: `${attack} 2` },
    findings: [attack],
    candidates: [attack],
  });
  const evil = `/studio/decisions/${encodeURIComponent(`video/${attack}`)}`;
  const pages = [
    await (await get(evil)).text(),
    await (
      await post(evil, { action: 'adopt', since: startedAt, candidate: attack, job: `${attack}x` })
    ).text(),
  ];
  for (const page of pages) {
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    expect(page).toContain('&lt;script&gt;alert(1)');
  }
});

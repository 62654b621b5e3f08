import { expect, test } from 'vitest';
import type { AdmissionStatus, LimitsChange } from '../../src/contract/admission.ts';
import { admissionWorkflowType } from '../../src/contract/admission.ts';
import { VideoClientError } from '../../src/client/video-client-error.ts';
import { placeOf, studioHarness } from './studio-harness.ts';

const account = 'admission/0123abcd';
const today = new Date().toISOString().slice(0, 10);
const hostile = '"><script>alert(1)</script>';

const status: AdmissionStatus = {
  limits: {
    jobs: 3,
    perDay: { videos: 10, money: 5 },
    perTag: { [hostile]: { seconds: 60 } },
    perRun: { videos: 2 },
  },
  inFlight: [
    {
      videoId: `video/${hostile}`,
      since: '2026-11-30T10:00:00.000Z',
      model: hostile,
      tags: [hostile],
      cost: {},
    },
  ],
  called: 1,
  reserved: [],
  waiting: { interactive: 2, batch: 7 },
  spent: {
    [`day/${today}`]: { videos: 9, seconds: 64, money: 6 },
    [`tag/${today}/${hostile}`]: { videos: 1, seconds: 15, money: 0 },
  },
  outages: [{ model: hostile, failures: 4 }],
};

/** The studio with one account, and the changes of its limits. */
async function capsHarness(
  read: () => Promise<AdmissionStatus | null> = () => Promise.resolve(status),
) {
  const changes: [string, LimitsChange][] = [];
  const harness = await studioHarness({
    script: { list: [{ workflowId: account, type: admissionWorkflowType }] },
    ports: ({ videos }) => ({
      videos: {
        ...videos,
        limits: {
          status: read,
          set: (id, change) => {
            changes.push([id, change]);
            return Promise.resolve({});
          },
        },
      },
    }),
  });
  const text = async (path: string) => (await harness.get(path)).text();
  /** What the review of a form would send. */
  const review = async (fields: Record<string, string>) =>
    hiddenOf(await text(`/studio/spend/caps/review?${query(fields)}`));
  return { ...harness, changes, text, review };
}

function hiddenOf(page: string): Record<string, string> {
  const form = /action="\/studio\/spend\/caps">[\s\S]*?<\/form>/.exec(page)?.[0] ?? '';
  const plain = (text = '') =>
    text
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
  const fields = form.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name, value]) => [plain(name), plain(value)]));
}

const shown = { account, jobs: '3', videosPerDay: '10', moneyPerDay: '5', videosPerRun: '2' };
const query = (fields: Record<string, string>) => String(new URLSearchParams(fields));

test('an account shows its slots, who waits, outages, and of each cap what is spent and what is left', async () => {
  const { text } = await capsHarness();
  const page = await text('/studio/spend/caps');
  for (const words of [
    '2 of 3 taken',
    '2 interactive, 7 of batches',
    '4 jobs in a row failed',
    '9 of 10 videos',
    '6 of 5 in money',
    '15 of 60 seconds',
  ]) {
    expect(page).toContain(words);
  }
  expect(page).toMatch(/class="used near"[\s\S]*class="used over"/);
  expect(page).toContain('<td class="number">45</td>');
});

test('texts of strangers are escaped', async () => {
  const { text } = await capsHarness();
  const paths = [
    '',
    `/change?${query({ account })}`,
    `/change?${query({ account, tag: hostile })}`,
    `/review?${query({ ...shown, jobs: hostile })}`,
    `/review?${query({ account, tag: hostile, secondsPerDay: '1' })}`,
  ];
  for (const path of paths) {
    const page = await text(`/studio/spend/caps${path}`);
    expect(page).not.toContain('<script>alert');
    expect(page).not.toMatch(/\sstyle=|\son[a-z]+=/);
  }
});

test('an account that no worker answers for says so, and the page stays', async () => {
  const { get } = await capsHarness(() =>
    Promise.reject(new VideoClientError('no_answer', 'No worker answers')),
  );
  const response = await get('/studio/spend/caps');
  expect([response.status, await response.text()]).toEqual([
    200,
    expect.stringContaining('No worker answers'),
  ]);
});

test('the form has the limits of now, its review shows old and new, and neither changes anything', async () => {
  const { text, changes } = await capsHarness();
  expect(await text(`/studio/spend/caps/change?${query({ account })}`)).toMatch(
    /name="videosPerDay"\s+value="10"/,
  );
  const review = await text(
    `/studio/spend/caps/review?${query({ ...shown, videosPerDay: '20', moneyPerDay: '' })}`,
  );
  expect(review).toMatch(/All videos, a day: Videos[\s\S]*>10<[\s\S]*>20</);
  expect(review).toMatch(/All videos, a day: Money[\s\S]*>5<[\s\S]*>no limit</);
  expect(review).not.toContain('A batch');
  expect(changes).toEqual([]);
});

test.each([
  [
    { ...shown, videosPerDay: '20', moneyPerDay: '', jobs: '' },
    { jobs: null, perDay: { videos: 20, money: null } },
  ],
  [{ ...shown, secondsPerBatch: '0' }, { perBatch: { seconds: 0 } }],
  [{ account, tag: ' drafts ', moneyPerDay: '1.5' }, { perTag: { drafts: { money: 1.5 } } }],
  [{ account, tag: hostile, secondsPerDay: '' }, { perTag: { [hostile]: { seconds: null } } }],
])('the form %j changes what differs, and nothing else', async (fields, change) => {
  const { post, review, changes } = await capsHarness();
  const response = await post('/studio/spend/caps', await review(fields));
  expect([response.status, placeOf(response)]).toEqual([303, '/studio/spend/caps?done=saved']);
  expect(changes).toEqual([[account, change]]);
});

test('a limit that was changed after the review stays, and the change of another is made', async () => {
  let now = status;
  const { post, review, changes } = await capsHarness(() => Promise.resolve(now));
  const fields = await review({ ...shown, jobs: '6' });
  now = { ...status, limits: { ...status.limits, perDay: { videos: 10, money: 1 } } };
  expect((await post('/studio/spend/caps', fields)).status).toBe(303);
  expect(changes).toEqual([[account, { jobs: 6 }]]);
});

test('a change of a limit that is no longer what was shown is reviewed again, and nothing changes', async () => {
  let now = status;
  const { post, review, changes } = await capsHarness(() => Promise.resolve(now));
  const fields = await review({ ...shown, jobs: '6', moneyPerDay: '9' });
  now = { ...status, limits: { ...status.limits, perDay: { videos: 10, money: 1 } } };
  const response = await post('/studio/spend/caps', fields);
  const page = await response.text();
  expect(response.status).toBe(409);
  expect(page).toContain('these limits have changed since the review');
  expect(page).toMatch(/All videos, a day: Money[\s\S]*>1<[\s\S]*>9</);
  expect(changes).toEqual([]);
  await post('/studio/spend/caps', hiddenOf(page));
  expect(changes).toEqual([[account, { jobs: 6, perDay: { money: 9 } }]]);
});

test('a form that was not reviewed changes nothing', async () => {
  const { post, changes } = await capsHarness();
  expect((await post('/studio/spend/caps', { account, jobs: '6' })).status).toBe(409);
  expect(changes).toEqual([]);
});

test('a form that changes nothing sends nothing', async () => {
  const { post, changes } = await capsHarness();
  expect((await post('/studio/spend/caps', shown)).status).toBe(303);
  expect(changes).toEqual([]);
});

test.each([
  [{ ...shown, videosPerDay: '2.5' }, 'must be a whole number'],
  [{ ...shown, moneyPerDay: '-1' }, 'must be a number from 0'],
  [{ ...shown, jobs: 'many' }, 'must be a number from 0'],
  [{ account, tag: ' ', videosPerDay: '1' }, 'needs a name, and a cap'],
])(
  'the form %j is refused, says why at the field, and keeps what was written',
  async (fields, fault) => {
    const { get, post, changes } = await capsHarness();
    for (const response of [
      await get(`/studio/spend/caps/review?${query(fields)}`),
      await post('/studio/spend/caps', fields),
    ]) {
      const page = await response.text();
      expect(response.status).toBe(400);
      expect(page).toMatch(/aria-invalid="true"/);
      expect(page).toContain(fault);
    }
    expect(changes).toEqual([]);
  },
);

test.each(['admission/other', 'video/cat', '', hostile])(
  'the account "%s" is not found, and none is started for it',
  async (other) => {
    const { get, post, changes, calls } = await capsHarness();
    expect((await get(`/studio/spend/caps/change?${query({ account: other })}`)).status).toBe(404);
    expect((await post('/studio/spend/caps', { ...shown, account: other, jobs: '9' })).status).toBe(
      404,
    );
    expect(changes).toEqual([]);
    expect(calls.filter(({ name }) => name === 'start')).toEqual([]);
  },
);

test('a form of another site changes no limit', async () => {
  const { post, changes } = await capsHarness();
  const fields = { ...shown, jobs: '9' };
  expect(
    (await post('/studio/spend/caps', fields, { origin: 'https://evil.example' })).status,
  ).toBe(403);
  expect(changes).toEqual([]);
});

import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { admissionWorkflowType } from '../../src/contract/admission.ts';
import { noCounts } from '../../src/contract/batch-counts.ts';
import { failures } from '../../src/contract/failure.ts';
import { batchesHarness } from './batches-harness.ts';
import { scheduleDetails } from './fake-schedules.ts';
import { snapshot } from './fake-batches.ts';
import { payJobs } from './paid-jobs.ts';

const account = 'admission/ours';
const caps = { jobs: 3, perDay: { money: 5 }, perTag: { a: { videos: 1 } }, perRun: { videos: 2 } };
const inZh = { 'accept-language': 'zh-CN' };
/** Shorter ones are part of names and Chinese sentences too, e.g. "to". */
const shortest = 4;

/** The English texts that all pages have; of a text with gaps, its parts. */
async function englishTexts(): Promise<string[]> {
  const folder = new URL('../../src/studio/texts/', import.meta.url);
  const tables: object[] = [];
  for (const name of await readdir(folder)) {
    const exported = (await import(new URL(name, folder).href)) as Record<string, object>;
    tables.push(...Object.values(exported));
  }
  const entries = tables.flatMap((table): unknown[] => Object.values(table)).filter(Array.isArray);
  const pairs = entries.map((entry: unknown[]) => entry.map(partsOf));
  const own = pairs.flatMap(([english = [], chinese = []]) =>
    english.filter((part) => !chinese.join(' ').includes(part)),
  );
  const kinds = Object.values(failures).flatMap(({ meaning, whatToDo }) => [meaning, whatToDo]);
  return [...own, ...kinds.flatMap((text) => text.split('`').map((part) => part.trim()))].filter(
    (text) => !text.startsWith('onetake ') && text.length >= shortest && /[a-z]{3}/i.test(text),
  );
}

function partsOf(text: unknown): string[] {
  // A list reads like a text in a template, and has what lists have.
  const gap = ['§'];
  const make = typeof text === 'function' ? (text as (...gaps: string[][]) => string) : null;
  const whole = String(make ? make(gap, gap, gap) : text);
  return whole.split(/[§`]/).map((part) => part.trim());
}

/** What a person reads: texts between tags, and texts of attributes that are read out. */
function readTexts(page: string): string[] {
  const read = page.replaceAll(/<(code|script|title)\b.*?<\/\1>/gs, '');
  const attributes = [...read.matchAll(/(?:aria-label|placeholder|alt|title)="([^"]*)"/g)];
  return [
    ...read.replaceAll(/<[^>]*>/g, '\n').split('\n'),
    ...attributes.map(([, text = '']) => text),
  ]
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

async function chineseHarness() {
  const harness = await batchesHarness({
    script: {
      list: [
        { workflowId: account, type: admissionWorkflowType },
        { workflowId: 'video/broken', status: 'FAILED', phase: 'failed', billed: 'no' },
        { workflowId: 'video/open', phase: 'running', billed: 'yes' },
        { workflowId: 'video/lost', phase: 'unresolved', billed: 'maybe' },
      ],
      query: () => ({
        limits: caps,
        inFlight: [],
        reserved: [],
        waiting: { interactive: 0, batch: 0 },
        spent: {},
      }),
    },
  });
  const { batches, schedules, storage } = harness;
  const failed = Object.keys(failures).map((kind, line) => ({
    key: `row-${line}`,
    line,
    billed: 'no' as const,
    kind: kind as keyof typeof failures,
    message: '',
  }));
  const counts = { ...noCounts, waiting: 1, failed: failed.length };
  batches.statuses.set('launch', snapshot('launch', { rows: 30, counts, failures: failed }));
  schedules.details.set('daily', scheduleDetails('daily', { recent: [], fired: 1 }));
  await payJobs(storage, [
    { id: 'video/a', tags: ['x', 'tenant:acme'], cost: { seconds: 5 }, isStored: true },
    { id: 'video/b', charged: { quota: 70_000, money: 0.14 } },
  ]);
  return harness;
}

const change = new URLSearchParams({ account, jobs: '4', moneyPerDay: '' }).toString();

test.each([
  '',
  '/new',
  '/new?model=SD2.5&nonce=1',
  '/new?model=unknown-1&nonce=1',
  '/decisions',
  '/batches',
  '/batches/new',
  '/batches/launch',
  '/batches/launch/stop',
  '/schedules',
  '/schedules/new',
  '/schedules/daily',
  '/schedules/daily/trigger',
  '/schedules/daily/delete',
  '/spend',
  '/spend/caps',
  `/spend/caps/change?account=${encodeURIComponent(account)}`,
  `/spend/caps/review?${change}`,
  '/storage',
  '/events',
  '/videos/video%2Fbroken',
])('the page "%s" has no English text of ours in Chinese, and no raw backquote', async (path) => {
  const { get } = await chineseHarness();
  const response = await get(`/studio${path}`, inZh);
  const page = await response.text();
  expect(page).toContain('<html lang="zh-CN">');
  const [shown, english] = [readTexts(page), await englishTexts()];
  const left = shown.filter((text) =>
    english.some((each) => (each.length < 12 ? each === text : text.includes(each))),
  );
  expect(left).toEqual([]);
  expect(shown.filter((text) => text.includes('`'))).toEqual([]);
});

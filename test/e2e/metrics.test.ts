import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerCheckId, ledgerCheckWorkflowType } from '../../src/contract/ledger-check.ts';
import { metrics, type MetricName } from '../../src/contract/metrics.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { findFreePort } from '../../src/dev/free-port.ts';
import { readSamples, type Sample } from '../../src/worker/metrics/read-samples.ts';
import type { Stats } from '../../src/worker/metrics/summarize.ts';
import { metricsIn, selectorsIn, type Selector } from '../support/promql.ts';
import { onetake, onetakeJson } from './onetake.ts';
import { astronaut, playing } from './requests.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';
import { refusedOverHttp, startServeProcess, type ServeProcess } from './serve-process.ts';
import { receiverOfAll, type Receiver } from './webhook-receiver.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Temporal adds them to metrics that are recorded inside a workflow or an activity. */
const addedByTemporal = new Set(['namespace', 'taskQueue', 'workflowType', 'activityType']);

/** Fewer than the SDK's own number. */
const maxPollers = 3;
let harness: Harness;
let serve: ServeProcess;
let url: string;
let samples: Sample[];
let receiver: Receiver;

/** A day in brief: videos with all outcomes, equal requests, and a run that no worker can continue. */
beforeAll(async () => {
  harness = await createHarness();
  receiver = await receiverOfAll(harness);
  const [port, hooksPort] = [await findFreePort(), await findFreePort()];
  url = `http://127.0.0.1:${port}/metrics`;
  await harness.startWorker({
    METRICS_PORT: String(port),
    METRICS_HOST: '127.0.0.1',
    GATEWAY_ACCESS_TOKEN: 'at-sandbox',
    GATEWAY_USER_ID: '1',
    WORKER_POLLERS: String(maxPollers),
    WEBHOOKS_TRUSTED_ORIGINS: receiver.origin,
    HOOKS_PORT: String(hooksPort),
  });
  await fetch(`http://127.0.0.1:${hooksPort}/hooks/gateway`, { method: 'POST', body: '{}' });
  const servePort = await findFreePort();
  serve = await startServeProcess({
    ...harness.env,
    METRICS_PORT: String(servePort),
    METRICS_HOST: '127.0.0.1',
  });
  await refusedOverHttp(serve.url);
  const { client } = harness;
  const lost = await client.start(playing('submit-drop-after-body'));
  const failing = await client.start(playing('poll-failed-no-error', 'videos'));
  const stored = await client.start(astronaut);
  expect((await client.start(astronaut)).outcome).toBe('joined');
  await startUnknownWorkflow();
  await checkLedger();
  await untilPhase(harness, lost.videoId, ['unresolved']);
  for (const { videoId } of [failing, stored]) await client.wait(videoId);
  await runBatch();
  await runBatch();
  samples = await until('a page with everything', async () => {
    const pages = [url, `http://127.0.0.1:${servePort}/metrics`].map(async (address) =>
      readSamples(await (await fetch(address)).text()),
    );
    const page = (await Promise.all(pages)).flat();
    const names = new Set(page.map(({ name }) => name));
    const missing = everyName().filter((name) => !names.has(name));
    return missing.length === 0 && valueOf(page, 'onetake_videos_open', 'unresolved') > 0 && page;
  });
}, 240_000);

afterAll(async () => {
  await serve?.stop();
  for (const one of [harness, receiver]) await one[Symbol.asyncDispose]();
});

function everyName(): string[] {
  return [
    ...Object.entries(metrics).map(([name, { kind }]) =>
      kind === 'histogram' ? `${name}_count` : name,
    ),
    'temporal_workflow_task_execution_failed',
  ];
}

function valueOf(page: readonly Sample[], name: MetricName, label: string): number {
  const found = page.filter(
    (sample) => sample.name === name && Object.values(sample.labels).includes(label),
  );
  return found.reduce((sum, { value }) => sum + value, 0);
}

async function startUnknownWorkflow(): Promise<void> {
  await harness.temporal.workflow.start('workflowOfNobody', {
    taskQueue: taskQueues.workflows,
    workflowId: 'of-nobody',
  });
}

/** It finds no difference, and counts that. */
async function checkLedger(): Promise<void> {
  await harness.temporal.workflow.execute(ledgerCheckWorkflowType, {
    taskQueue: taskQueues.workflows,
    workflowId: ledgerCheckId,
    args: [{ sinceMs: 86_400_000 }],
  });
}

/** The second time its row is cached. */
async function runBatch(): Promise<void> {
  const path = join(harness.folder, 'launch.csv');
  await writeFile(path, 'key,model,prompt,duration\nrow-1,kling-v1,a cat,5\n');
  const { code, stderr } = await onetakeJson(harness, ['batch', 'run', path, '--yes']);
  expect(code, stderr).toBe(0);
}

describe('the metrics of a worker that has seen every outcome of a video', () => {
  test('report as many pollers of each queue and kind as the setting says', async () => {
    const pollers = await until('idle queues', async () => {
      const page = readSamples(await (await fetch(url)).text());
      const found = page.filter(({ name }) => name === 'temporal_num_pollers');
      const activities = found.filter(({ labels }) => labels['poller_type'] === 'activity_task');
      const areAll = activities.length === Object.keys(taskQueues).length;
      // One fewer between a task and the next poll.
      return areAll && activities.every(({ value }) => value >= maxPollers) && found;
    });
    expect(Math.max(...pollers.map(({ value }) => value))).toBe(maxPollers);
  });

  test('are exactly those of the documented table, with exactly its labels', () => {
    for (const [name, { labels }] of Object.entries(metrics)) {
      const ours = samples.filter((sample) => sample.name.replace(/_(count|sum)$/, '') === name);
      const found = ours.map(({ labels: all }) =>
        Object.keys(all).filter((label) => !addedByTemporal.has(label)),
      );
      expect({ name, seen: ours.length > 0 }).toEqual({ name, seen: true });
      for (const names of found) {
        expect({ name, labels: names.toSorted() }).toEqual({
          name,
          labels: [...labels].toSorted(),
        });
      }
    }
    const strangers = samples.filter(({ name }) => name.startsWith('onetake_'));
    const known = new Set(Object.keys(metrics));
    const base = (name: string) => name.replace(/_(count|sum|bucket)$/, '');
    expect(strangers.filter(({ name }) => !known.has(base(name)))).toEqual([]);
  });

  test('count each event once', () => {
    const posts = harness.gateway.ledger.posts.length;
    const submits = samples.filter(
      ({ name, labels }) =>
        name === 'onetake_gateway_requests_total' && labels['operation'] === 'submit',
    );
    expect(submits.reduce((sum, { value }) => sum + value, 0)).toBe(posts);
    expect(valueOf(samples, 'onetake_asks_total', 'joined')).toBe(1);
    expect(valueOf(samples, 'onetake_asks_total', 'cached')).toBe(1);
    expect(valueOf(samples, 'onetake_asks_total', 'started')).toBe(5);
    expect(valueOf(samples, 'onetake_videos_ended_total', 'stored')).toBe(2);
    expect(valueOf(samples, 'onetake_videos_ended_total', 'failed')).toBe(2);
    expect(valueOf(samples, 'onetake_videos_open', 'unresolved')).toBe(1);
    expect(valueOf(samples, 'onetake_download_bytes_total', 'kling-v1')).toBeGreaterThan(10_000);
  });

  test('contain no prompt, no key, no path and no result URL', () => {
    const text = JSON.stringify(samples);
    expect(text).not.toContain(harness.gateway.apiKey);
    expect(text).not.toMatch(/sandbox:|astronaut|宇航|https?:|sk-canary/);
  });

  test('are shown by `onetake stats`', async () => {
    const { code, json: stats } = await onetakeJson<Stats>(harness, ['stats', '--url', url]);
    expect(code).toBe(0);
    const submits = stats.operations.filter(({ operation }) => operation === 'submit');
    const errors = submits.flatMap((row) => Object.keys(row.errors)).toSorted();
    expect(errors).toEqual(['moderation', 'submit_unknown']);
    expect(stats.ended).toMatchObject({ 'stored · yes': 2, 'failed · no': 2 });
    expect(stats.ready['kling-v1']?.average).toBeGreaterThan(1);
    expect(stats.pollsPerJob).toBeGreaterThan(0);
    const told = await onetake(harness, ['stats', '--url', url]);
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/submit +kling-v1 +\d+ +\d+\.\d %.+submit_unknown 1/);
    expect(told.stdout).toMatch(/ready +kling-v1: 2 videos/);
  });
});

interface Panel {
  title: string;
  targets: { expr: string }[];
}

describe('the dashboard and the alerts', () => {
  test('have data in every panel of the dashboard after all outcomes', async () => {
    const { panels } = JSON.parse(
      await readFile(join(root, 'deploy/grafana/onetake.json'), 'utf8'),
    ) as { panels: Panel[] };
    expect(panels.length).toBeGreaterThan(10);
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        const selectors = selectorsIn(expr);
        expect({ title, selectors: selectors.length > 0 }).toEqual({ title, selectors: true });
        const empty = selectors.filter((selector) => !samples.some(matches(selector)));
        expect({ title, empty }).toEqual({ title, empty: [] });
        expect({ title, ...groupsWithout(expr) }).toEqual({ title, missing: [] });
      }
    }
  });

  test('query only metrics and labels that exist', async () => {
    const { groups } = parse(await readFile(join(root, 'deploy/alerts/onetake.yaml'), 'utf8')) as {
      groups: { rules: { alert: string; expr: string }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(5);
    for (const { alert, expr } of rules) {
      for (const { name, matchers } of selectorsIn(expr)) {
        const labels = matchers.map(({ label }) => label);
        const found = samples.some(
          (sample) => sample.name === name && labels.every((label) => label in sample.labels),
        );
        expect({ alert, name, found }).toEqual({ alert, name, found: true });
      }
      expect({ alert, ...groupsWithout(expr) }).toEqual({ alert, missing: [] });
    }
  });
});

function matches({ name, matchers }: Selector): (sample: Sample) => boolean {
  return (sample) =>
    sample.name === name &&
    matchers.every(({ label, test: fits }) => fits(sample.labels[label] ?? ''));
}

/** Labels that an expression groups by and that none of its metrics has. */
function groupsWithout(expr: string): { missing: string[] } {
  const known = new Set(
    samples
      .filter(({ name }) => metricsIn(expr).includes(name))
      .flatMap(({ labels }) => Object.keys(labels)),
  );
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  );
  return { missing: grouped.filter((label) => !known.has(label)) };
}

/** Where a figure comes from. `assumed`: an input of a plan, to be replaced by your own number. */
export type Source = 'measured' | 'computed' | 'cited' | 'assumed';

/** One number of docs/scale.md. */
export interface Figure {
  value: number;
  unit: string;
  source: Source;
  /** How and when it was measured, from what it is computed, or the page that says so. */
  how: string;
  digits?: number;
}

const actionsBench = '`npm run bench:actions` on 2026-12-01, two cores, jobs of two minutes';
const batchBench = '`npm run bench:batch`, two cores ([operations.md](operations.md#sizing))';
const pricing =
  '[Temporal Cloud pricing](https://docs.temporal.io/evaluate/cloud/pricing), as of commit 0217b71 of its source';
const limits =
  '[Temporal Cloud limits](https://docs.temporal.io/evaluate/cloud/limits), as of commit 481e24d of its source';

/** What one video costs, and what the servers allow. */
export const inputs = {
  toldActions: measured([11.1, 'actions', 1], `callback of the gateway; ${actionsBench}`),
  polledActions: measured([16.4, 'actions', 1], `polled, durations known; ${actionsBench}`),
  toldRowActions: measured([12.0, 'actions', 1], `row of a batch of 50, callback; ${actionsBench}`),
  polledRowActions: measured([16.9, 'actions', 1], `row of a batch of 50, polled; ${actionsBench}`),
  events: measured([44, 'events'], `35 of the video, 9 of the admission; ${actionsBench}`),
  pollTasks: measured(
    [6.4, 'status requests', 1],
    `each is one attempt on \`video-poll\`; ${actionsBench}`,
  ),
  historyKb: measured([9.9, 'kB', 1], `mean of 20 videos, polled; ${actionsBench}`),
  workerCpuMs: measured([76, 'ms of CPU'], `the highest of two runs; ${batchBench}`),
  serverCpuMs: measured(
    [83, 'ms of CPU'],
    `the highest of two runs, development server; ${batchBench}`,
  ),
  admissionPerSecond: measured(
    [11, 'videos per second'],
    `one admission carried the slowest run; alone it took 592 requests per second in lists of 100 on a busy machine ([decision 0007](decisions/0007-admission.md)); ${batchBench}`,
  ),
  workerMemoryMb: measured([539, 'MB'], `one worker of all queues; ${batchBench}`),
  slotsPerAccount: {
    value: 1_000,
    unit: 'jobs at once',
    source: 'cited',
    how: 'one admission grants no more ([limits.ts](../src/workflows/admission/limits.ts))',
  },
  actionPrice: cited(
    [50, '$ per million actions'],
    `without volume discount, which begins at 5 million a month on the Business plan; ${pricing}`,
  ),
  supportShare: cited(
    [10, '% of usage on top'],
    `Developer plan; Business asks for at least $500 a month; ${pricing}`,
  ),
  retainedPrice: cited([0.001_05, '$ per GB and hour', 5], `histories of ended runs; ${pricing}`),
  actionsPerSecond: cited(
    [500, 'actions per second'],
    `floor of a namespace with on-demand capacity; ${limits}`,
  ),
  pollersPerNamespace: cited(
    [20_000, 'activity pollers'],
    `per namespace, and as many workflow pollers; ${limits}`,
  ),
  jobSeconds: assumed([120, 's'], 'a job at the gateway'),
  videoMb: assumed([10, 'MB'], 'a video'),
  peak: assumed([4, 'times the mean'], 'the busiest minute'),
  retentionDays: assumed([30, 'days'], 'histories are kept, the default of Temporal Cloud'),
  shardWrites: assumed(
    [50, 'writes per second'],
    'a history shard, one write at a time, at half its capacity with 10 ms each',
  ),
  partitionTasks: assumed([200, 'tasks per second'], 'a partition of a task queue'),
  coreShare: assumed([0.5, 'of a core', 1], 'CPU that a worker with one core uses at the peak'),
} satisfies Record<string, Figure>;

/** Videos a day. */
export const steps = [100, 10_000, 1_000_000] as const;

/** The figures of one step, all computed from {@link inputs}. */
export function figuresFor(videosPerDay: number) {
  const mean = videosPerDay / 86_400;
  const peak = mean * value('peak');
  const jobs = peak * value('jobSeconds');
  const accounts = Math.max(
    ceil(jobs / value('slotsPerAccount')),
    ceil(peak / value('admissionPerSecond')),
  );
  const actions = peak * value('toldActions');
  return {
    peak: computed([peak, 'videos per second', 3], 'mean × peak'),
    jobs: computed([ceil(jobs), 'jobs at once'], 'videos per second × duration of a job'),
    accounts: computed(
      [accounts, 'accounts'],
      'the larger of jobs ÷ 1,000 slots and videos per second ÷ what an admission carried',
    ),
    admission: computed([peak / accounts, 'requests per second', 3], 'of one admission'),
    actions: computed([actions, 'actions per second', 1], 'videos per second × actions'),
    namespaces: computed(
      [ceil(actions / value('actionsPerSecond')), 'times the floor'],
      'actions ÷ floor of a namespace',
    ),
    shards: computed(
      [powerOfTwo((peak * value('events')) / value('shardWrites')), 'shards'],
      'events per second, each taken as a write, ÷ writes of a shard, as a power of two',
    ),
    pollPartitions: computed(
      [ceil((peak * value('pollTasks')) / value('partitionTasks')), 'partitions'],
      'status requests per second ÷ tasks of a partition; the default of the server is 4',
    ),
    workers: computed(
      [Math.max(2, ceil((peak * value('workerCpuMs')) / 1_000 / value('coreShare'))), 'workers'],
      'CPU per video × videos per second ÷ share of a core; two for a rolling deploy',
    ),
    serverCores: computed(
      [(peak * value('serverCpuMs')) / 1_000, 'cores', 2],
      'CPU per video of the development server',
    ),
    ...bytesFor(videosPerDay, peak),
  } satisfies Record<string, Figure>;
}

function bytesFor(videosPerDay: number, peak: number) {
  const retainedGb = (videosPerDay * value('historyKb') * value('retentionDays')) / 1e6;
  const actions = videosPerDay * 30 * value('toldActions');
  return {
    storageGb: computed(
      [(videosPerDay * value('videoMb')) / 1_000, 'GB a day', 0],
      'videos × size',
    ),
    bandwidth: computed(
      [(peak * value('videoMb') * 8) / 1_000, 'Gbit/s in, and as much out', 3],
      'videos per second × size',
    ),
    retainedGb: computed(
      [retainedGb, 'GB of histories', 1],
      'kB of a history × videos × retention',
    ),
    costActions: computed(
      [(actions * value('actionPrice')) / 1e6, '$ a month', 0],
      'actions, 30 days',
    ),
    costRetained: computed(
      [retainedGb * 720 * value('retainedPrice'), '$ a month', 2],
      'retained histories',
    ),
  } satisfies Record<string, Figure>;
}

/** Dollars for 1,000 videos, actions alone. */
export function costPerThousand(actions: Figure): Figure {
  const dollars = (actions.value * 1_000 * value('actionPrice')) / 1e6;
  return computed([dollars, '$ per 1,000 videos', 2], 'actions × price');
}

/** Pollers of so many workers that serve all five queues, and the highest WORKER_POLLERS that a namespace allows. */
export function pollersOf(workers: number, queues = 5) {
  const most = Math.floor(value('pollersPerNamespace') / (workers * queues));
  return {
    most: computed([most, 'WORKER_POLLERS'], 'limit of a namespace ÷ workers ÷ queues'),
    polls: computed(
      [workers * queues * most, 'open activity polls'],
      'workers × queues × WORKER_POLLERS',
    ),
  };
}

function value(name: keyof typeof inputs): number {
  return inputs[name].value;
}

function ceil(number: number): number {
  return Math.max(1, Math.ceil(number));
}

function powerOfTwo(number: number): number {
  return 2 ** Math.max(2, Math.ceil(Math.log2(Math.max(1, number))));
}

/** Value, unit, and digits after the point. */
type Amount = readonly [value: number, unit: string, digits?: number];

function measured([value, unit, digits = 0]: Amount, how: string): Figure {
  return { value, unit, source: 'measured', how, digits };
}

function cited([value, unit, digits = 0]: Amount, how: string): Figure {
  return { value, unit, source: 'cited', how, digits };
}

function assumed([value, unit, digits = 0]: Amount, how: string): Figure {
  return { value, unit, source: 'assumed', how, digits };
}

function computed([value, unit, digits = 0]: Amount, how: string): Figure {
  return { value, unit, source: 'computed', how, digits };
}

/** One number of a run of the benchmarks. */
export interface Measure {
  what: string;
  value: number;
  unit: string;
  /** The target, if there is one. */
  most?: number;
  least?: number;
}

interface Side {
  /** Absent in results of older checkouts: all jobs. */
  runs?: number;
  jobsPerSecond: number;
  worker: { cpuSeconds: number };
}

export interface Batch {
  jobs: number;
  ours: Side;
  bare: Side;
  /** Absent in results of older checkouts. */
  timerLoop?: Side;
}

export interface Delivery {
  folder: { memoryMb: number };
  s3: { memoryMb: number };
  rateOverCurl: { folder: number; s3: number };
  /** Absent in an earlier checkout. */
  rateOverUpload?: number;
  cut: { cuts: number; sizeBytes: number; sentBytes: number };
}

interface LatencyJob {
  latencyMs: number;
  webhookMs: number;
  lifeMs: number;
  statusRequests: number;
  historyEvents: number;
}

export interface Latency {
  polled: LatencyJob[];
  told: LatencyJob[];
  learned: LatencyJob[];
}

export interface ActionCases {
  cases: {
    name: string;
    actions: number;
    events: Record<'video' | 'batch' | 'admission', number>;
  }[];
}

const fixedIntervalMs = 5_000;
/** Longest interval between two polls of a job of two minutes, with jitter: gatewayBeatMs × 1.2. */
const pollIntervalMs = 24_000;

/** Ours and its peers: rates over the bare workflows alone, because timers make the rate of the loop. */
export function batchMeasures({ jobs, ours, bare, timerLoop }: Batch): Measure[] {
  const cpuMs = (side: Side) => (side.worker.cpuSeconds / (side.runs ?? jobs)) * 1_000;
  const peers: [string, Side][] = [
    ['bare no-op workflows', bare],
    ...(timerLoop ? [['a loop of timers', timerLoop] satisfies [string, Side]] : []),
  ];
  const rate = ours.jobsPerSecond / bare.jobsPerSecond;
  return [
    { what: 'videos per second over bare no-op workflows', value: rate, unit: '', least: 0.8 },
    ...peers.map(([name, side]) => ({
      what: `worker CPU over ${name}`,
      value: cpuMs(ours) / cpuMs(side),
      unit: '',
    })),
    { what: 'per second, ours', value: ours.jobsPerSecond, unit: '/s' },
    { what: 'per second, bare no-op workflows', value: bare.jobsPerSecond, unit: '/s' },
    { what: 'worker CPU per video, ours', value: cpuMs(ours), unit: 'ms' },
    ...peers.map(([name, side]) => ({
      what: `worker CPU per run, ${name}`,
      value: cpuMs(side),
      unit: 'ms',
    })),
  ];
}

export function deliveryMeasures({
  folder,
  s3,
  rateOverCurl,
  rateOverUpload,
  cut,
}: Delivery): Measure[] {
  const again = (cut.sentBytes - cut.sizeBytes) / cut.cuts / 1e6;
  return [
    { what: 'rate over curl, into a folder', value: rateOverCurl.folder, unit: '', least: 0.8 },
    { what: 'rate over curl, to S3', value: rateOverCurl.s3, unit: '' },
    ...(rateOverUpload === undefined
      ? []
      : [
          {
            what: 'rate over a plain upload to S3',
            value: rateOverUpload,
            unit: '' as const,
            least: 0.6,
          },
        ]),
    { what: 'memory over idle, folder', value: folder.memoryMb, unit: 'MB', most: 64 },
    { what: 'memory over idle, S3', value: s3.memoryMb, unit: 'MB', most: 64 },
    { what: 'bytes fetched again for each cut', value: again, unit: 'MB', most: 8.4 },
  ];
}

export function latencyMeasures({ polled, told, learned }: Latency): Measure[] {
  const worst = (jobs: LatencyJob[], key: 'latencyMs' | 'webhookMs' | 'historyEvents') =>
    Math.max(...jobs.map((job) => job[key]));
  const share = (jobs: LatencyJob[]) =>
    Math.max(
      ...jobs.map(({ statusRequests, lifeMs }) => statusRequests / (lifeMs / fixedIntervalMs)),
    );
  const onDisk = (jobs: LatencyJob[]) => worst(jobs, 'latencyMs') / 1_000;
  return [
    { what: 'status requests over one every 5 s', value: share(polled), unit: '', most: 1 / 3 },
    { what: 'the same, with a history of such jobs', value: share(learned), unit: '', most: 0.3 },
    {
      what: 'file on disk, polled, worst',
      value: onDisk(polled),
      unit: 's',
      most: pollIntervalMs / 1_000 + 1,
    },
    { what: 'file on disk, callback, worst', value: onDisk(told), unit: 's', most: 0.5 },
    {
      what: 'our webhook, callback, worst',
      value: worst(told, 'webhookMs') / 1_000,
      unit: 's',
      most: 0.5,
    },
    {
      what: 'file on disk, history known, worst',
      value: onDisk(learned),
      unit: 's',
      most: pollIntervalMs / 2_000,
    },
    {
      what: 'history events of a polled job',
      value: worst(polled, 'historyEvents'),
      unit: '',
      most: 40,
    },
  ];
}

/** Billable Temporal actions and history events of a video, each with its share of batch and admission. */
export function actionMeasures({ cases }: ActionCases): Measure[] {
  return cases.flatMap(({ name, actions, events }) => [
    { what: `Temporal actions, ${name}`, value: actions, unit: '', most: 12 },
    {
      what: `events of its history, ${name}`,
      value: events.video,
      unit: '',
      most: 40,
    },
    {
      what: `events with its share, ${name}`,
      value: events.video + events.batch + events.admission,
      unit: '',
    },
  ]);
}

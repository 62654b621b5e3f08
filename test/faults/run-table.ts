import {
  createHarness,
  until,
  untilPhase,
  type Harness,
  type WorkerProcess,
} from '../e2e/harness.ts';
import { playing } from '../e2e/requests.ts';
import type { FaultRow, Lane, Records } from './fault-row.ts';
import { readTold } from './read-reported.ts';
import { finishAttempts, startAttempts } from './run-attempts.ts';
import { finishRow, startRow, type RunningRow, type SeenRow } from './run-row.ts';

/** At this speed the gateway's 24 h take 22 s. */
const sweptSpeed = 4_000;
/** More rows at once than two cores can serve only wait for one another, until the server loses tasks (seen at 190). */
const openRows = 40;

/** Each has its own worker process, which mostly waits until the records may be read. */
const openHarnesss = 9;

/** Settings of a worker that may read the records; the sandbox gateway accepts this token. */
const accessToken = { GATEWAY_ACCESS_TOKEN: 'at-sandbox', GATEWAY_USER_ID: '1' };
const settingsFor = {
  'task log': accessToken,
  'key log': {},
  'own account': { ...accessToken, GATEWAY_ACCOUNT_EXCLUSIVE: 'on' },
} satisfies Record<Records, Record<string, string>>;

/** Larger than every file of the table, smaller than what an endless one sends at once. */
const anyWorker = { DOWNLOAD_MAX_BYTES: '10000000' };

interface RowRun {
  running: Promise<RunningRow>;
  seen: Promise<SeenRow>;
}

/** A table that is being run: rows start in order, and each can be waited for. */
export interface Play extends AsyncDisposable {
  /** Those that were set so far. */
  harnesses: readonly Harness[];
  running(row: FaultRow): Promise<RunningRow>;
  seen(row: FaultRow): Promise<SeenRow>;
}

/** Runs a table: one harness with one worker for each lane, and one for each `single` row. */
export async function runTable(
  rows: readonly FaultRow[],
  options: { address?: string } = {},
): Promise<Play> {
  const harnesses: Harness[] = [];
  const openHarness = async (records?: Records, speed?: number): Promise<OpenHarness> => {
    const harness = await createHarness({ ...options, ...(speed !== undefined && { speed }) });
    harnesses.push(harness);
    return {
      harness,
      worker: await harness.startWorker({ ...anyWorker, ...(records && settingsFor[records]) }),
    };
  };
  const rowsOf = (lane: Lane, records?: Records) =>
    rows.filter((row) => row.lane === lane && (lane === 'single' || row.records === records));
  const [basic, log, alone, swept] = await Promise.all([
    openHarness(),
    openHarness('task log'),
    openHarness(),
    openHarness(undefined, sweptSpeed),
  ]);
  const single = runSingle(openHarness, rowsOf('single'));
  const shared = runShared(basic.harness, rowsOf('shared'));
  const runs = new Map([
    ...single,
    ...shared,
    ...runShared(log.harness, rowsOf('shared', 'task log')),
    ...runAlone(alone.harness, rowsOf('alone')),
    ...runAttempts(basic.harness, rowsOf('attempts'), allSeen(shared)),
    // It polls every few milliseconds, so it runs with as little other load on the server as possible.
    ...runSwept(swept.harness, rowsOf('swept'), allSeen(shared)),
  ]);
  const runOf = (row: FaultRow): RowRun => {
    const run = runs.get(row);
    if (!run) throw new RangeError(`Row "${row.scenario}" is not in the table`);
    return run;
  };
  return {
    harnesses,
    running: (row) => runOf(row).running,
    seen: (row) => runOf(row).seen,
    [Symbol.asyncDispose]: async () => {
      await allSeen([...runs]);
      for (const harness of harnesses) await harness[Symbol.asyncDispose]();
    },
  };
}

interface OpenHarness {
  harness: Harness;
  worker: WorkerProcess;
}

type Runs = [FaultRow, RowRun][];

/** In order, a bounded number at once. */
function runShared(harness: Harness, rows: FaultRow[]): Runs {
  const turns = createTurns(openRows);
  return rows.map((row) => {
    const run = runAfter(turns.take(), () => startRow(harness, row));
    run.seen.then(turns.give, turns.give);
    return [row, run];
  });
}

/** One after another: the next begins when the gateway has answered the submit of the one before. */
function runAlone(harness: Harness, rows: FaultRow[]): Runs {
  let before: Promise<unknown> = Promise.resolve();
  return rows.map((row) => {
    const run = runAfter(before, () => startAlone(harness, row));
    before = run.running.catch(() => undefined);
    return [row, run];
  });
}

/** Each in its own harness, a bounded number at once; its worker ends with it. */
function runSingle(
  openHarness: (records?: Records) => Promise<OpenHarness>,
  rows: FaultRow[],
): Runs {
  const turns = createTurns(openHarnesss);
  return rows.map((row) => {
    const opened = turns.take().then(() => openHarness(row.records));
    const run = runAfter(opened, async () => startAlone((await opened).harness, row));
    const end = () => opened.then(({ worker }) => worker.kill()).finally(turns.give);
    run.seen.then(end, end).catch(() => undefined);
    return [row, run];
  });
}

/** In this process, which then has nothing else to do. */
function runAttempts(harness: Harness, rows: FaultRow[], before: Promise<unknown>): Runs {
  return rows.map((row) => [
    row,
    seenBy(
      finishAttempts,
      before.then(() => startAttempts(harness, row)),
    ),
  ]);
}

function runSwept(harness: Harness, rows: FaultRow[], before: Promise<unknown>): Runs {
  return rows.map((row) => [row, runAfter(before, () => startRow(harness, row))]);
}

function runAfter(before: Promise<unknown>, start: () => Promise<RunningRow>): RowRun {
  return seenBy(finishRow, before.then(start));
}

function seenBy(finish: typeof finishRow, running: Promise<RunningRow>): RowRun {
  const seen = running.then(finish);
  // Reported to the caller that waits for the row; until then the error has no listener.
  seen.catch(() => undefined);
  return { running, seen };
}

function allSeen(runs: Runs): Promise<unknown> {
  return Promise.allSettled(runs.map(([, { seen }]) => seen));
}

function createTurns(limit: number) {
  let taken = 0;
  const waiting: (() => void)[] = [];
  return {
    take: () =>
      new Promise<void>((resolve) => {
        if (taken === limit) waiting.push(resolve);
        else {
          taken += 1;
          resolve();
        }
      }),
    give: () => {
      const next = waiting.shift();
      if (next) next();
      else taken -= 1;
    },
  };
}

async function startAlone(harness: Harness, row: FaultRow): Promise<RunningRow> {
  await setScenario(harness, row.runWide ? row.scenario : '');
  if (row.behind !== undefined) await startAhead(harness, row.behind);
  const running = await startRow(harness, row);
  if (row.closesPort) await openAfterRefusal(running);
  await until(`an answer to the submit of "${row.scenario}"`, async () => {
    const { phase } = await harness.client.status(running.videoId);
    return phase !== 'submitting';
  });
  return running;
}

/** The port opens after the observed event: a busy worker may connect too late for any fixed time. */
async function openAfterRefusal({ harness, row, videoId }: RunningRow): Promise<void> {
  await until(`a refused connection for "${row.scenario}"`, async () => {
    const { waitedOut } = await readTold(harness, videoId);
    return waitedOut.length > 0;
  });
  await harness.gateway.openPort();
}

async function startAhead(harness: Harness, scenario: string): Promise<void> {
  const { videoId } = await harness.client.start(playing(scenario));
  await untilPhase(harness, videoId, ['queued', 'running', 'unresolved']);
}

async function setScenario({ gateway }: Harness, scenario: string): Promise<void> {
  const answer = await fetch(`${gateway.url}/sandbox/scenario`, {
    method: 'POST',
    body: JSON.stringify({ scenario }),
  });
  if (!answer.ok) throw new Error(`Cannot set scenario "${scenario}": ${await answer.text()}`);
}

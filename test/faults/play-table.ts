import { setStage, until, untilPhase, type Stage } from '../e2e/stage.ts';
import { playing } from '../e2e/requests.ts';
import type { FaultRow, Lane } from './fault-row.ts';
import { finishRow, startRow, type RunningRow, type SeenRow } from './run-row.ts';

/** At this speed the gateway's 24 h take 22 s. */
const sweptSpeed = 4_000;
/** More at once than two cores serve only wait for one another, until the server loses tasks (seen at 190). */
const openRows = 40;

interface RowRun {
  running: Promise<RunningRow>;
  seen: Promise<SeenRow>;
}

/** A table under way: every row is started in its turn, and any can be waited for. */
export interface Play extends AsyncDisposable {
  stages: Record<Lane, Stage>;
  running(row: FaultRow): Promise<RunningRow>;
  seen(row: FaultRow): Promise<SeenRow>;
}

/** Plays a table, one stage with one worker for each lane. */
export async function playTable(
  rows: readonly FaultRow[],
  options: { address?: string } = {},
): Promise<Play> {
  const stages = {
    shared: await setStage(options),
    alone: await setStage(options),
    swept: await setStage({ ...options, speed: sweptSpeed }),
  } satisfies Record<Lane, Stage>;
  await Promise.all(Object.values(stages).map((stage) => stage.startWorker()));
  const rowsOf = (lane: Lane) => rows.filter((row) => row.lane === lane);
  const shared = playShared(stages.shared, rowsOf('shared'));
  const alone = playAlone(stages.alone, rowsOf('alone'));
  // Its polls come in milliseconds, so it has the server for itself as far as possible.
  const swept = playSwept(stages.swept, rowsOf('swept'), allSeen(shared));
  const runs = new Map([...shared, ...alone, ...swept]);
  const runOf = (row: FaultRow): RowRun => {
    const run = runs.get(row);
    if (!run) throw new RangeError(`Row "${row.scenario}" is not in the table`);
    return run;
  };
  return {
    stages,
    running: (row) => runOf(row).running,
    seen: (row) => runOf(row).seen,
    [Symbol.asyncDispose]: async () => {
      await allSeen([...runs]);
      for (const stage of Object.values(stages)) await stage[Symbol.asyncDispose]();
    },
  };
}

type Runs = [FaultRow, RowRun][];

/** In order, a bounded number at once. */
function playShared(stage: Stage, rows: FaultRow[]): Runs {
  const turns = createTurns(openRows);
  return rows.map((row) => {
    const run = runAfter(turns.take(), () => startRow(stage, row));
    run.seen.then(turns.give, turns.give);
    return [row, run];
  });
}

/** One after another: the next begins when the gateway has answered the submit of the one before. */
function playAlone(stage: Stage, rows: FaultRow[]): Runs {
  let before: Promise<unknown> = Promise.resolve();
  return rows.map((row) => {
    const run = runAfter(before, () => startAlone(stage, row));
    before = run.running.catch(() => undefined);
    return [row, run];
  });
}

function playSwept(stage: Stage, rows: FaultRow[], before: Promise<unknown>): Runs {
  return rows.map((row) => [row, runAfter(before, () => startRow(stage, row))]);
}

function runAfter(before: Promise<unknown>, start: () => Promise<RunningRow>): RowRun {
  const running = before.then(start);
  const seen = running.then(finishRow);
  // Told to whoever waits for the row; until then nobody listens.
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

async function startAlone(stage: Stage, row: FaultRow): Promise<RunningRow> {
  await setScenario(stage, row.runWide ? row.scenario : '');
  if (row.behind !== undefined) await startAhead(stage, row.behind);
  const running = await startRow(stage, row);
  await until(`an answer to the submit of "${row.scenario}"`, async () => {
    const { phase } = await stage.client.status(running.videoId);
    return phase !== 'submitting';
  });
  return running;
}

async function startAhead(stage: Stage, scenario: string): Promise<void> {
  const { videoId } = await stage.client.start(playing(scenario));
  await untilPhase(stage, videoId, ['queued', 'running']);
}

async function setScenario({ gateway }: Stage, scenario: string): Promise<void> {
  const answer = await fetch(`${gateway.url}/sandbox/scenario`, {
    method: 'POST',
    body: JSON.stringify({ scenario }),
  });
  if (!answer.ok) throw new Error(`Cannot set scenario "${scenario}": ${await answer.text()}`);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSecondsOf, memoryMbOf } from '../batch/process-usage.ts';
import { serverUsage } from './server-usage.ts';

/** A part of a run: what it took, by row, and the memory at its end. CPU is in milliseconds. */
export interface Moment {
  seconds: number;
  rows: number;
  rowsPerSecond: number;
  workerCpuMs: number;
  serverCpuMs: number;
  /** Of the benchmark with its gateway. If it grows, the gateway slows the run. */
  benchCpuMs: number;
  workerMb: number;
  serverMb: number;
}

export interface Watched {
  workerPid: number;
  serverPids: readonly number[];
  /** Rows done so far. */
  rowsDone: () => number;
  /** Rows of a moment. */
  every: number;
  ended: AbortSignal;
  print: (line: string) => void;
}

const lookMs = 1_000;

interface Reading extends Pick<Moment, 'seconds' | 'rows' | 'workerMb' | 'serverMb'> {
  cpuSeconds: readonly [worker: number, server: number, bench: number];
}

/** Measures until the run has ended. Prints each moment at once, so that a run that is interrupted has told what it saw. */
export async function watchMoments(watched: Watched): Promise<Moment[]> {
  const { rowsDone, every, ended, print } = watched;
  const begunMs = performance.now();
  const moments: Moment[] = [];
  let last = read(watched, begunMs);
  print('seconds    rows  rows/s | CPU ms a row: worker  server  bench | MB: worker  server');
  while (!ended.aborted) {
    await sleep(lookMs, undefined, { signal: ended }).catch(() => {});
    const isDue = rowsDone() >= last.rows + (ended.aborted ? 1 : every);
    if (!isDue) continue;
    const now = read(watched, begunMs);
    const moment = between(last, now);
    moments.push(moment);
    print(lineOf(moment));
    last = now;
  }
  return moments;
}

function read({ workerPid, serverPids, rowsDone }: Watched, begunMs: number): Reading {
  const server = serverUsage(serverPids);
  return {
    seconds: (performance.now() - begunMs) / 1_000,
    rows: rowsDone(),
    cpuSeconds: [cpuSecondsOf(workerPid), server.cpuSeconds, cpuSecondsOf(process.pid)],
    workerMb: memoryMbOf(workerPid),
    serverMb: server.memoryMb,
  };
}

function between(last: Reading, now: Reading): Moment {
  const { seconds, rows, workerMb, serverMb } = now;
  const made = rows - last.rows;
  const [workerCpuMs = 0, serverCpuMs = 0, benchCpuMs = 0] = now.cpuSeconds.map(
    (cpu, at) => ((cpu - (last.cpuSeconds[at] ?? 0)) * 1_000) / made,
  );
  const rowsPerSecond = made / (seconds - last.seconds);
  const cpu = { workerCpuMs, serverCpuMs, benchCpuMs };
  return { seconds, rows, rowsPerSecond, ...cpu, workerMb, serverMb };
}

function lineOf(moment: Moment): string {
  const { seconds, rows, rowsPerSecond, workerCpuMs, serverCpuMs, benchCpuMs } = moment;
  const column = (value: number, width: number, digits = 0) =>
    value.toFixed(digits).padStart(width);
  return [
    `${column(seconds, 7)}${column(rows, 8)}${column(rowsPerSecond, 8, 1)}`,
    `${column(workerCpuMs, 20)}${column(serverCpuMs, 8)}${column(benchCpuMs, 7)}`,
    `${column(moment.workerMb, 10)}${column(moment.serverMb, 8)}`,
  ].join(' | ');
}

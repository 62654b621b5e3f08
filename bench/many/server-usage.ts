import { readdirSync, readFileSync } from 'node:fs';
import { cpuSecondsOf } from '../batch/process-usage.ts';

/** CPU so far and memory of a server (Linux). */
export interface ServerUsage {
  cpuSeconds: number;
  memoryMb: number;
}

/** Of the processes with their children. PostgreSQL has a child for each connection, and they share memory. */
export function serverUsage(pids: readonly number[]): ServerUsage {
  const parents = parentsByPid();
  const family = [...pids];
  // It grows while it is read.
  for (const pid of family) {
    for (const [child, parent] of parents) if (parent === pid) family.push(child);
  }
  return {
    cpuSeconds: sum(family.map((pid) => orNothing(() => cpuSecondsOf(pid)))),
    memoryMb: Math.round(sum(family.map((pid) => orNothing(() => ownShareMbOf(pid))))),
  };
}

function parentsByPid(): Map<number, number> {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return new Map(pids.map((pid) => [pid, orNothing(() => parentOf(pid))]));
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** What a process shares with n others counts as a part of n + 1. */
function ownShareMbOf(pid: number): number {
  const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(memory)?.[1] ?? 0) / 1_000;
}

/** A child may have ended since it was listed. */
function orNothing(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

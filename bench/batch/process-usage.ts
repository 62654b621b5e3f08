import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** CPU and memory of a process during a measurement (Linux). */
export interface Usage {
  cpuSeconds: number;
  /** Largest measured resident set. */
  peakRssMb: number;
}

const sampleMs = 200;
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Starts a measurement. Returns a function that ends it. */
export function watchProcess(pid: number): () => Usage {
  const cpuBefore = cpuSecondsOf(pid);
  let peakRssMb = memoryMbOf(pid);
  const timer = setInterval(() => {
    peakRssMb = Math.max(peakRssMb, memoryMbOf(pid));
  }, sampleMs);
  return () => {
    clearInterval(timer);
    return { cpuSeconds: cpuSecondsOf(pid) - cpuBefore, peakRssMb };
  };
}

/** User and system time of all threads: fields 14 and 15, counted after the name, which may contain blanks. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process. */
export function memoryMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_000);
}

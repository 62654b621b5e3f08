import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  actionMeasures,
  batchMeasures,
  deliveryMeasures,
  latencyMeasures,
  type ActionCases,
  type Batch,
  type Delivery,
  type Latency,
  type Measure,
} from './measures.ts';

/** In the order of `npm run bench`. */
export const benchNames = ['actions', 'latency', 'batch', 'delivery'] as const;

export type BenchName = (typeof benchNames)[number];

/** Runs a benchmark of a checkout, and reads what it wrote. */
export async function runBench(
  name: BenchName,
  checkout: string,
  args: readonly string[] = [],
): Promise<Measure[]> {
  const command = ['--import', 'tsx', join('bench', `${name}.ts`), ...args];
  const bench = spawn(process.execPath, command, { cwd: checkout, stdio: 'inherit' });
  const [code] = (await once(bench, 'close')) as [number | null];
  if (code !== 0) throw new Error(`bench:${name} ended with ${String(code)}`);
  return measuresIn(
    name,
    await readFile(join(checkout, 'bench', 'results', `${name}.json`), 'utf8'),
  );
}

function measuresIn(name: BenchName, text: string): Measure[] {
  const result: unknown = JSON.parse(text);
  if (name === 'actions') return actionMeasures(result as ActionCases);
  if (name === 'batch') return batchMeasures(result as Batch);
  return name === 'delivery'
    ? deliveryMeasures(result as Delivery)
    : latencyMeasures(result as Latency);
}

export function runsIn(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs > 0) return runs;
  throw new RangeError(`Cannot run --runs "${text}"`);
}

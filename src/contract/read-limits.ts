import type { CapsChange, LimitsChange } from './admission.ts';

/** What caps count. */
export const limitUnits = ['videos', 'seconds', 'money'] as const;
/** What caps are of. */
export const limitScopes = ['day', 'batch', 'run'] as const;
type LimitUnit = (typeof limitUnits)[number];
/** One of {@link limitScopes}. */
export type LimitScope = (typeof limitScopes)[number];
/** Name of a limit that a person sets, e.g. `videosPerDay`. */
export type LimitName = 'jobs' | `${LimitUnit}Per${Capitalize<LimitScope>}`;
/** What a person wrote: a number, or `none` to remove the limit. Absent limits stay. */
export type LimitTexts = { [name in LimitName]?: string };

/** Options of {@link readLimits}. */
export interface ReadLimitsOptions {
  /** The caps per day are those of this tag. */
  tag?: string;
  /** Makes the error of a text that cannot be used. The problem follows its name, e.g. `must be a whole number`. */
  fault: (name: LimitName | 'tag', problem: string) => Error;
}

const scopeNames = { day: 'Day', batch: 'Batch', run: 'Run' } as const;

/** Reads a change of limits. It may be empty. @throws The `fault`. */
export function readLimits(texts: LimitTexts, { tag, fault }: ReadLimitsOptions): LimitsChange {
  const read = (name: LimitName) => limitOf(texts[name], (problem) => fault(name, problem));
  const jobs = read('jobs');
  if (typeof jobs === 'number') demandWhole(jobs, (problem) => fault('jobs', problem));
  const [day, batch, run] = limitScopes.map((scope) => {
    const caps: CapsChange = {};
    for (const unit of limitUnits) {
      const name = `${unit}Per${scopeNames[scope]}` as const;
      const cap = read(name);
      if (cap === undefined) continue;
      if (unit === 'videos' && cap !== null) demandWhole(cap, (problem) => fault(name, problem));
      caps[unit] = cap;
    }
    return Object.keys(caps).length > 0 ? caps : undefined;
  });
  if (tag !== undefined && (tag.trim() === '' || !day)) {
    throw fault('tag', 'needs a name, and a cap per day');
  }
  return {
    ...(jobs !== undefined && { jobs }),
    ...(day && (tag === undefined ? { perDay: day } : { perTag: { [tag]: day } })),
    ...(batch && { perBatch: batch }),
    ...(run && { perRun: run }),
  };
}

type Fault = (problem: string) => Error;

/** Null for `none`. */
function limitOf(text: string | undefined, fault: Fault): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw fault('must be a number from 0, or none');
}

function demandWhole(limit: number, fault: Fault): void {
  if (!Number.isInteger(limit)) throw fault('must be a whole number');
}

import type { AdmissionLimits, LimitsChange } from '../../contract/admission.ts';
import {
  limitScopes,
  limitUnits,
  readLimits,
  type LimitName,
  type LimitTexts,
} from '../../contract/read-limits.ts';

/** What a person wrote into a form: a number, or nothing for no limit. */
export type LimitFields = { [name in LimitName]?: string };

/** Which limits a form is about: those of a tag, or all others. */
export interface FormScope {
  /** Undefined for the limits of the account. */
  tag?: string;
}

/** The text of a field that cannot be used. */
export class FieldFault extends Error {
  readonly field: LimitName | 'tag';
  readonly problem: 'number' | 'whole' | 'tag';

  constructor(field: LimitName | 'tag', problem: 'number' | 'whole' | 'tag') {
    super(`${field}: ${problem}`);
    this.name = 'FieldFault';
    this.field = field;
    this.problem = problem;
  }
}

/** Names of the fields of a form. */
export function fieldNames({ tag }: FormScope): LimitName[] {
  const scopes = tag === undefined ? limitScopes : (['day'] as const);
  const caps = scopes.flatMap((scope) => limitUnits.map((unit) => capName(unit, scope)));
  return tag === undefined ? ['jobs', ...caps] : caps;
}

/** The limits as fields. */
export function fieldsOf(limits: AdmissionLimits, { tag }: FormScope): LimitFields {
  const caps = {
    day: tag === undefined ? limits.perDay : limits.perTag?.[tag],
    batch: limits.perBatch,
    run: limits.perRun,
  };
  const fields: LimitFields = {};
  if (tag === undefined && limits.jobs !== undefined) fields.jobs = String(limits.jobs);
  for (const scope of tag === undefined ? limitScopes : (['day'] as const)) {
    for (const unit of limitUnits) {
      const cap = caps[scope]?.[unit];
      if (cap !== undefined) fields[capName(unit, scope)] = String(cap);
    }
  }
  return fields;
}

/** The limits that differ, old and new. */
export interface FieldChange {
  name: LimitName;
  /** Empty: no limit. */
  before: string;
  after: string;
}

/** What a form changes. @param now The limits as fields. */
export function changesOf(now: LimitFields, given: LimitFields, scope: FormScope): FieldChange[] {
  return fieldNames(scope).flatMap((name) => {
    const [before, after] = [now[name] ?? '', (given[name] ?? '').trim()];
    const isEqual = before === after || (after !== '' && Number(before || NaN) === Number(after));
    return isEqual ? [] : [{ name, before, after }];
  });
}

/** The change for the admission. @throws {FieldFault} */
export function limitsChange(changes: readonly FieldChange[], { tag }: FormScope): LimitsChange {
  const texts: LimitTexts = {};
  for (const { name, after } of changes) texts[name] = after === '' ? 'none' : after;
  return readLimits(texts, {
    ...(tag !== undefined && { tag }),
    fault: (field, problem) =>
      new FieldFault(
        field,
        field === 'tag' ? 'tag' : problem.includes('whole') ? 'whole' : 'number',
      ),
  });
}

function capName(
  unit: (typeof limitUnits)[number],
  scope: (typeof limitScopes)[number],
): LimitName {
  const names = { day: 'Day', batch: 'Batch', run: 'Run' } as const;
  return `${unit}Per${names[scope]}`;
}

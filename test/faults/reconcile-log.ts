import { stored, unresolvedPaid, unresolvedUnpaid, type FaultRow } from './fault-row.ts';

const log = { records: 'task log' } as const;
const found = { ...log, tells: '1 with this prompt' };
const noAccess = { ...log, lane: 'single', tells: 'gave no answer' } as const;

/** Lost responses, if the worker has the personal access token of the account. */
export const reconcileLog: readonly FaultRow[] = [
  ...[
    'submit-drop-after-body',
    'submit-504-after-accept',
    'submit-cdn-html=524',
    'submit-settlement-failed',
    'submit-500-empty',
    'submit-200-html',
    'submit-200-empty',
    'submit-200-cut-json',
    'submit-200-no-id',
  ].map((submit) => stored(138, `${submit}, reconcile=prompt`, found)),
  stored(138, 'submit-drop-after-body, reconcile=prompt', { ...found, format: 'videos' }),
  unresolvedPaid(138, 'submit-drop-after-body, reconcile=empty', {
    ...log,
    tells: '0 with this prompt',
    note: 'as recorded: without prompts in the log no job is certainly ours',
  }),
  stored(138, 'submit-drop-after-body, reconcile=empty', {
    records: 'own account',
    lane: 'single',
    tells: '0 with this prompt',
    note: 'nothing else uses the account, so only this job can be ours',
  }),
  unresolvedPaid(138, 'submit-504-after-accept, reconcile=empty', {
    records: 'own account',
    lane: 'single',
    behind: 'submit-500-empty=dead',
    tells: 'was made at',
    note: 'two unknown outcomes, one job: shown as a candidate, with its time',
  }),
  unresolvedUnpaid(138, 'submit-500-empty=dead, reconcile=prompt', {
    ...log,
    tells: '0 with this prompt',
    note: 'a missing job in the log proves nothing',
  }),
  unresolvedUnpaid(138, 'submit-insert-failed, reconcile=prompt', {
    ...log,
    tells: '0 with this prompt',
  }),
  unresolvedPaid(151, 'submit-drop-after-body, reconcile-api-key', {
    ...noAccess,
    note: 'reported as no access, never as "no such job"',
  }),
  unresolvedPaid(151, 'submit-drop-after-body, reconcile-api-key=401', noAccess),
];

import { totals, type ActionKind } from './count-actions.ts';
import type { CaseReport, Owner } from './cases.ts';

const kinds: readonly ActionKind[] = [
  'workflow start',
  'child workflow',
  'activity',
  'activity retry',
  'markers',
  'search attributes',
  'signal',
  'timer',
  'update',
];
const owners: readonly Owner[] = ['video', 'batch', 'admission'];
/** The server's names of actions that no history shows, or not all of them. */
const named = { heartbeats: /Heartbeat/, queries: /Query/, retries: /^activity_retry$/ };

/** Per video, in all and by kind, as `bench/results/actions.json` has it. */
export function perVideo(report: CaseReport) {
  const { videos, actions, server, exempt, events, statusRequests } = report;
  const each = (count: number) => count / videos;
  const sum = (pick: RegExp) =>
    Object.entries(server).reduce((all, [type, count]) => all + (pick.test(type) ? count : 0), 0);
  const { total, byKind } = totals(actions);
  // The first attempt of a poll computes a delay, each other one sends a request. An attempt that was reset is a first one
  // again: neither history nor metrics show that it is one more.
  const resets = Math.max(0, statusRequests - sum(named.retries));
  return {
    actions: each(sum(/./) - exempt + resets),
    inHistories: each(total),
    heartbeats: each(sum(named.heartbeats)),
    queries: each(sum(named.queries)),
    unseenRetries: each(sum(named.retries) - (byKind['activity retry'] ?? 0)),
    resets: each(resets),
    byKind: Object.fromEntries(kinds.map((kind) => [kind, each(byKind[kind] ?? 0)])),
    byOwner: Object.fromEntries(
      owners.map((owner) => [
        owner,
        each(totals(actions.filter((action) => action.owner === owner)).total),
      ]),
    ),
    events: Object.fromEntries(owners.map((owner) => [owner, each(events[owner])])),
    statusRequests: each(statusRequests),
    historyBytes: each(report.historyBytes),
  };
}

/** A column per case. */
export function actionTable(reports: readonly CaseReport[]): string {
  const columns = reports.map(perVideo);
  const row = (name: string, pick: (column: ReturnType<typeof perVideo>) => number | undefined) =>
    [name.padEnd(30), ...columns.map((column) => (pick(column) ?? 0).toFixed(2).padStart(14))].join(
      '',
    );
  return [
    ['per video'.padEnd(30), ...reports.map(({ name }) => name.padStart(14))].join(''),
    row('actions', ({ actions }) => actions),
    row('  in histories', ({ inHistories }) => inHistories),
    row('  heartbeats', ({ heartbeats }) => heartbeats),
    row('  retries, then cancelled', ({ unseenRetries }) => unseenRetries),
    row('  attempts after a reset', ({ resets }) => resets),
    row('  queries', ({ queries }) => queries),
    ...kinds.map((kind) => row(kind, ({ byKind }) => byKind[kind])),
    ...owners.map((owner) => row(`actions of the ${owner}`, ({ byOwner }) => byOwner[owner])),
    ...owners.map((owner) => row(`events of the ${owner}`, ({ events }) => events[owner])),
    row('status requests', ({ statusRequests }) => statusRequests),
    row('bytes of its history', ({ historyBytes }) => historyBytes),
  ].join('\n');
}

/** Each action of one video, and of what it shares with others. */
export function actionLines({ name, actions }: CaseReport): string {
  const first = actions.find(({ owner }) => owner === 'video')?.workflowId;
  return actions
    .filter(({ owner, workflowId }) => owner !== 'video' || workflowId === first)
    .map(
      ({ owner, eventId, kind, name: what, count }) =>
        `${name.padEnd(14)}${owner.padEnd(11)}${String(eventId).padStart(5)}  ${count} ${kind}: ${what}`,
    )
    .join('\n');
}

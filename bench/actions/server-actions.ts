import { readSamples } from '../../src/worker/metrics/read-samples.ts';

/**
 * Billable actions as the Temporal server itself counts them, by its names: also those without an event, such as queries,
 * heartbeats, and retries of an activity that was cancelled between two attempts.
 *
 * @param metricsUrl Of the server's own metrics.
 * @see https://docs.temporal.io/cloud/migrate/estimate-actions
 */
export async function serverActions(
  metricsUrl: string,
  namespace: string,
): Promise<Record<string, number>> {
  const response = await fetch(metricsUrl);
  if (!response.ok) throw new Error(`The server's metrics answered ${response.status}`);
  const counts: Record<string, number> = {};
  for (const { name, labels, value } of readSamples(await response.text())) {
    if (name !== 'action' || plain(labels['namespace'] ?? '') !== plain(namespace)) continue;
    const type = labels['action_type'] ?? '';
    // Each marker is counted by its name, too; the batch of a workflow task is what is billed.
    if (type.startsWith('command_RecordMarker')) continue;
    counts[type] = (counts[type] ?? 0) + value;
  }
  return counts;
}

/** The server replaces characters of label values, such as the hyphens of a namespace. */
function plain(text: string): string {
  return text.replaceAll(/[^a-z0-9]/gi, '_');
}

/** What was counted between two readings, without zeros. */
export function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([type, count]) => [type, count - (before[type] ?? 0)] as const)
      .filter(([, count]) => count !== 0),
  );
}

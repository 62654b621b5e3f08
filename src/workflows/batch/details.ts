import type { BatchStatus } from '../../contract/batch.ts';

/** A batch as Markdown, for the details panel of the Temporal UI. */
export function batchDetails(status: BatchStatus): string {
  const { phase, rows, counts, origins, partitions, folder, failures, window } = status;
  const shown = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    `**${phase}** · ${rows ?? '?'} rows · ${window} at once`,
    '',
    '| rows | |',
    '|---|---:|',
    ...shown.map(([state, count]) => `| ${state} | ${count} |`),
    '',
    `- found in storage: ${origins.cached}, joined: ${origins.joined}`,
    `- partitions: ${partitions.ended} of ${partitions.total} done`,
    `- results: \`${folder}\``,
    ...(failures.length === 0 ? [] : ['', 'Newest failures:', '']),
    ...failures.map(
      ({ line, kind, billed, message }) =>
        `- line ${line}, **${kind}**, billed: ${billed}: ${message.replace(/\s+/g, ' ')}`,
    ),
  ].join('\n');
}

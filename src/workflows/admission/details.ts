import type { AdmissionStatus, AdmittedVideo, Spent } from '../../contract/admission.ts';

/** Number of entries shown of each kind; the query returns all. */
export const shownInDetails = 20;

/** The state of the admission as Markdown, for the details panel of the Temporal UI. */
export function admissionDetails({
  limits,
  inFlight,
  reserved,
  waiting,
  spent,
  outages = [],
  slotsTaken = inFlight.length,
}: AdmissionStatus & { slotsTaken?: number }): string {
  return [
    `**${slotsTaken} of ${limits.jobs} jobs** · waiting: ${waiting.interactive} interactive, ${waiting.batch} of batches`,
    ...outages.map(
      ({ model, failures }) =>
        `**${code(model)}**: the last ${failures} jobs failed at the vendor; one job at a time is sent until one succeeds`,
    ),
    '',
    ...inFlight.slice(0, shownInDetails).map(videoLine),
    ...reserved.slice(0, shownInDetails).map((video) => `${videoLine(video)} (reserved only)`),
    '',
    ...Object.entries(spent).slice(-shownInDetails).map(spentLine),
  ].join('\n');
}

function videoLine({ videoId, model, since }: AdmittedVideo): string {
  return `- \`${code(videoId)}\`, ${code(model)}, since ${since}`;
}

function spentLine([scope, { videos, seconds, money }]: [string, Spent]): string {
  const priced = money > 0 ? `, ${money}` : '';
  return `- \`${code(scope)}\`: ${videos} videos, ${seconds} s${priced}`;
}

/** Backticks would end the code span. */
function code(text: string): string {
  return text.replaceAll('`', "'");
}

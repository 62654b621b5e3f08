import Table from 'cli-table3';
import type { Command } from 'commander';
import { admissionId } from '../../identity/admission-id.ts';
import { gatewayConfig } from '../../config/gateway-config.ts';
import { workerConfig } from '../../config/worker-config.ts';
import type { AdmissionStatus, AdmittedVideo, Spent } from '../../contract/admission.ts';
import type { CliContext, Env, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { limitLines, spentWords } from './words.ts';
import type { Colors } from '../output.ts';
import { clock } from '../../contract/clock-text.ts';
import { field } from '../video/report-video.ts';
import { shortId } from '../short-id.ts';
import { counted } from '../storage/words.ts';
import { plainTable } from '../table.ts';
import { withClient } from '../with-client.ts';

/** All are in `--json`. */
const shownVideos = 20;

const examples = `
Examples:
  $ onetake limits
  $ onetake limits set --jobs 5 --videos-per-day 200
  $ onetake limits set --tag drafts --seconds-per-day 600`;

/** `onetake limits`: slots, spending and limits of the configured gateway account. */
export function configureLimitsShow(command: Command): Run {
  command.addHelpText('after', examples);
  return run;
}

async function run(context: CliContext): Promise<Exit> {
  const { env, output } = context;
  const id = accountOf(env);
  const status = await withClient(context, (client) => client.limits.status(id));
  if (status) {
    output.result((colors) => statusLines(status, colors), { begun: true, ...status });
    return 'ok';
  }
  const limits = { jobs: workerConfig(env).maxJobs };
  output.result(
    (colors) => [
      'Nothing was submitted with this API key yet, and no limit is set. Initial limits:',
      ...limitLines(limits, colors),
    ],
    { begun: false, limits },
  );
  return 'ok';
}

/** Workflow id of the admission of the configured gateway and key. @throws {ConfigError} */
export function accountOf(env: Env): string {
  const { baseUrl, apiKey: key } = gatewayConfig(env);
  return admissionId({ gateway: new URL(baseUrl).origin, key });
}

function statusLines(status: AdmissionStatus, colors: Colors): string[] {
  const { limits, inFlight, called = 0, reserved, waiting, spent, outages = [] } = status;
  const pace = paceWords(status);
  const today = new Date().toISOString().slice(0, 10);
  const tags = Object.entries(spent).flatMap(([scope, sum]): [string, Spent][] => {
    const prefix = `tag/${today}/`;
    return scope.startsWith(prefix) ? [[scope.slice(prefix.length), sum]] : [];
  });
  return [
    field('slots', `${inFlight.length + called} of ${limits.jobs} taken`, colors),
    field('waiting', `${waiting.interactive} interactive, ${waiting.batch} of batches`, colors),
    ...(pace === undefined ? [] : [field('pace', pace, colors)]),
    ...outages.map(({ model, failures }) =>
      field('outage', `${model}: ${failures} jobs in a row failed; one at a time is sent`, colors),
    ),
    ...(reserved.length === 0 ? [] : [field('reserved', reservedWords(reserved.length), colors)]),
    field('today', spentWords(spent[`day/${today}`]), colors),
    ...tags.map(([tag, sum]) => field('', `tag "${tag}": ${spentWords(sum)}`, colors)),
    ...limitLines(limits, colors),
    ...(inFlight.length === 0 ? [] : ['', videoTable(inFlight, colors)]),
  ];
}

/** `a job takes its slot for about 1:20; at most 90 videos an hour with 2 slots`. */
export function paceWords({ usualHoldMs, limits }: AdmissionStatus): string | undefined {
  if (usualHoldMs === undefined || usualHoldMs < 1_000) return undefined;
  const perHour = Math.round((limits.jobs * 3_600_000) / usualHoldMs);
  const [slots, videos] = [counted(limits.jobs, 'slot'), counted(perHour, 'video')];
  return `a job takes its slot for about ${clock(usualHoldMs)}; at most ${videos} an hour with ${slots}`;
}

function reservedWords(count: number): string {
  return `${counted(count, 'more video')}, until it is known whether it was billed`;
}

function videoTable(videos: readonly AdmittedVideo[], colors: Colors): string {
  const head = ['in flight', 'model', 'since', 'tags'].map((name) => colors.dim(name));
  const table = new Table({ ...plainTable, head });
  for (const { videoId, model, since, tags } of videos.slice(0, shownVideos)) {
    table.push([shortId(videoId), model, since, tags.join(', ')]);
  }
  const more = videos.length - shownVideos;
  return more > 0 ? `${table.toString()}\nand ${more} more, all with --json` : table.toString();
}

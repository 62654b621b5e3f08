import { padded } from '../media-fixtures.ts';
import type { PollContext, PollScenario } from './scenario.ts';
import { rewritten, setAt, withoutUrls } from '../status-object.ts';
import { statusReply } from '../status-reply.ts';

const megabyte = 1024 * 1024;

/** Place and form of the result of a finished job. */
export const resultScenarios: readonly PollScenario[] = [
  {
    number: 53,
    name: 'poll-completed-no-url',
    phase: 'poll',
    line: 'completed without a URL for 2 polls (=N, =forever), /content 404; =metadata with url ""',
    times: 2,
    variants: ['none', 'metadata'],
    when: 'finished',
    hidesContent: true,
    answer: (context) => {
      const extra = context.variant === 'metadata' ? { metadata: { url: '' } } : {};
      return rewritten(context, (status) => Object.assign(withoutUrls(status), extra));
    },
  },
  {
    number: 54,
    name: 'poll-bare-rc30',
    phase: 'poll',
    line: 'videos route bare, upper case, no URL; the generations route has the URL; =nowhere neither has',
    variants: ['generations', 'nowhere'],
    when: 'finished',
    answer: bareRc30,
  },
  {
    number: 63,
    name: 'poll-data-url',
    phase: 'poll',
    line: 'the result as a data: URL of 3 MB (=MEGABYTES)',
    numberSets: 'value',
    when: 'finished',
    answer: (context) => {
      const base64 = big(context, 3).toString('base64');
      return placed(context, 'url', `data:video/mp4;base64,${base64}`);
    },
  },
  {
    number: 64,
    name: 'poll-huge-raw',
    phase: 'poll',
    line: "generations route with 20 MB (=MEGABYTES) of base64 in the vendor's body",
    numberSets: 'value',
    when: 'finished',
    routes: ['generations'],
    answer: (context) =>
      rewritten(context, (status) => {
        const bytesBase64Encoded = big(context, 20).toString('base64');
        status['data'] = { done: true, response: { videos: [{ bytesBase64Encoded }] } };
      }),
  },
  {
    number: 65,
    name: 'poll-url-place',
    phase: 'poll',
    line: 'URL only at =PATH of the status object, e.g. =metadata.url, =content.0.video_url.url',
    variants: 'any',
    when: 'finished',
    answer: (context) => placed(context, context.variant ?? 'metadata.url', context.directUrl),
  },
  {
    number: 66,
    name: 'poll-url-odd',
    phase: 'poll',
    line: 'result as /v1/videos/{id}/content; =localhost on http://localhost:3000, =gs gs:// first',
    variants: ['relative', 'localhost', 'gs'],
    when: 'finished',
    answer: oddUrl,
  },
];

function placed(
  context: PollContext,
  path: string,
  url: string,
): ReturnType<typeof statusReply> | null {
  if (context.row.status !== 'SUCCESS') return null;
  return rewritten(context, (status) => setAt(withoutUrls(status), path, url));
}

function bareRc30(context: PollContext): ReturnType<typeof statusReply> | null {
  const { route, variant, row, job } = context;
  if (route === 'generations') {
    return variant === 'nowhere' ? rewritten(context, (status) => withoutUrls(status)) : null;
  }
  const { created_at } = context.body();
  return statusReply({
    created_at,
    fail_reason: row.reason,
    finished_at: Math.floor(row.updatedAt / 1000),
    platform: '1',
    progress: '100%',
    status: row.status,
    task_id: job.id,
  });
}

function oddUrl(context: PollContext): ReturnType<typeof statusReply> | null {
  const path = new URL(context.contentUrl).pathname;
  switch (context.variant) {
    case 'localhost':
      return placed(context, 'result_url', `http://localhost:3000${path}`);
    case 'gs':
      return rewritten(context, (status) =>
        Object.assign(status, { url: 'gs://bucket/video.mp4', result_url: context.directUrl }),
      );
    default:
      return placed(context, 'url', path);
  }
}

function big({ file, value }: PollContext, defaultMegabytes: number): Buffer {
  return padded(file(), (value ?? defaultMegabytes) * megabyte);
}

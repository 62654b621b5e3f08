import type { PollContext, PollScenario } from './scenario.ts';
import { rewritten, setAt, statusObject, wordFor } from '../status-object.ts';
import { statusReply } from '../status-reply.ts';
import { courseOfWord, fitsWord } from '../status-words.ts';

const progressSequence = [10, 50, 20, '30%', '', null, 0.5, 100];
const backwardsSequence = ['in_progress', 'unknown', 'queued', 'in_progress'];

/** Status bodies with unusual words, numbers and shapes. */
export const bodyScenarios: readonly PollScenario[] = [
  {
    number: 47,
    name: 'poll-unknown-n',
    phase: 'poll',
    line: 'status unknown for 3 polls (=N, =forever), whatever the job does',
    times: 3,
    answer: (context) => withStatus(context, { status: wordFor(context, 'unknown') }, 0),
  },
  {
    number: 49,
    name: 'poll-data-null',
    phase: 'poll',
    line: '{"code":"success","data":null} once (=N)',
    times: 1,
    answer: () => statusReply({ code: 'success', data: null }),
  },
  {
    number: 57,
    name: 'poll-word',
    phase: 'poll',
    line: 'shows =WORD (any case and spelling) in the state it means, e.g. =DONE, =in-progress',
    variants: 'any',
    course: ({ variant }) => ({ end: courseOfWord(variant ?? 'Success') }),
    answer: (context) => {
      const word = context.variant ?? 'Success';
      return fitsWord(word, context.row)
        ? rewritten(context, (status) => setAt(status, 'status', word))
        : null;
    },
  },
  {
    number: 58,
    name: 'poll-word-new',
    phase: 'poll',
    line: 'status "reviewing" for 3 polls (=N), then normal',
    times: 3,
    answer: (context) => withStatus(context, { status: wordFor(context, 'reviewing') }, 0),
  },
  {
    number: 164,
    name: 'poll-no-word',
    phase: 'poll',
    line: 'progress 30 and no status word for 3 polls (=N, =forever), whatever the job does',
    times: 3,
    answer(context) {
      const body = context.body({ status: 'IN_PROGRESS', progressPercent: 30, finishedAt: null });
      delete statusObject(context, body)['status'];
      return statusReply(body);
    },
  },
  {
    number: 60,
    name: 'poll-progress',
    phase: 'poll',
    line: 'in_progress with 10, 50, 20, "30%", "", null, 0.5, 100, then normal; =failure ends FAILURE',
    times: progressSequence.length,
    variants: ['success', 'failure'],
    course: ({ variant }) => ({ end: variant === 'failure' ? 'failure' : 'success' }),
    answer: (context) =>
      withStatus(
        context,
        {
          status: wordFor(context, 'in_progress'),
          progress: progressSequence[context.nth - 1] ?? null,
        },
        0,
      ),
  },
  {
    number: 61,
    name: 'poll-backwards',
    phase: 'poll',
    line: 'in_progress, unknown, queued, in_progress on four polls, then normal',
    times: backwardsSequence.length,
    answer: (context) => {
      const word = backwardsSequence[context.nth - 1] ?? 'in_progress';
      return withStatus(context, { status: wordFor(context, word) }, 50);
    },
  },
  {
    number: 62,
    name: 'poll-archiving',
    phase: 'poll',
    line: 'progress 100 but in_progress for 3 polls (=N) after the end, then completed',
    times: 3,
    when: 'finished',
    answer: (context) => statusReply(context.body({ status: 'IN_PROGRESS', finishedAt: null })),
  },
  {
    number: 67,
    name: 'poll-times',
    phase: 'poll',
    line: 'milliseconds, 0, completed_at while running, seconds "5.1"',
    routes: ['videos'],
    answer: ({ body, row, job }) =>
      statusReply({
        ...body(),
        created_at: job.submittedAt,
        completed_at: row.updatedAt,
        expires_at: 0,
        seconds: `${job.seconds}.1`,
      }),
  },
  {
    number: 75,
    name: 'poll-error-shapes',
    phase: 'poll',
    line: 'ends failed, error as a string; =number, =null, =nested, =suffix',
    variants: ['string', 'number', 'null', 'nested', 'suffix'],
    course: () => ({ end: 'failure' }),
    when: 'finished',
    routes: ['videos'],
    answer: (context) => statusReply({ ...context.body(), error: oddError(context) }),
  },
];

/** An unfinished body with the given fields, independent of the row. */
function withStatus(
  context: PollContext,
  fields: Record<string, unknown>,
  progressPercent: number,
): ReturnType<typeof statusReply> {
  const body = context.body({ status: 'IN_PROGRESS', progressPercent, finishedAt: null });
  Object.assign(statusObject(context, body), fields);
  return statusReply(body);
}

function oddError({ variant, row, exchange }: PollContext): unknown {
  const message = row.reason;
  switch (variant) {
    case 'number':
      return { message, code: 1027 };
    case 'null':
      return { message, code: null };
    case 'nested':
      return {
        message: JSON.stringify({ error: { message, code: 'moderation_blocked' } }),
        code: '',
      };
    case 'suffix':
      return { message: `${message} (request id: ${exchange.requestId})`, code: '' };
    default:
      return message;
  }
}

import { json, type Transfer } from '../answer.ts';
import type { SubmitContext, SubmitScenario } from './scenario.ts';

/** Successful creates, in all known shapes of the gateway family. */
export const acceptedScenarios: readonly SubmitScenario[] = [
  {
    number: 1,
    name: 'submit-queued',
    phase: 'submit',
    line: '200, the usual body',
    answer: () => null,
  },
  {
    number: 2,
    name: 'submit-unknown-status',
    phase: 'submit',
    line: '200, status "unknown" and metadata.url ""',
    answer: (context) => reply(context, { status: 'unknown', metadata: { url: '' } }),
  },
  {
    number: 3,
    name: 'submit-fallback-body',
    phase: 'submit',
    line: '200 without object and progress',
    answer(context) {
      const { reply: body, headers } = context.accept();
      const { id, task_id, model, created_at } = body;
      return json(200, { id, task_id, status: 'queued', model, created_at }, headers);
    },
  },
  {
    number: 4,
    name: 'submit-id-only',
    phase: 'submit',
    line: '200 with an id "video_…" and no task_id',
    answer(context) {
      const { reply: body, headers } = context.accept({ id: `video_${hexId(context)}` });
      return json(200, { id: body['id'], object: 'video', status: 'queued' }, headers);
    },
  },
  {
    number: 5,
    name: 'submit-enveloped',
    phase: 'submit',
    line: '200 {"code":"success","data":{"id":17,"task_id":…}}',
    answer(context) {
      const { job, headers } = context.accept();
      const data = { id: 17, task_id: job.id };
      return json(200, { code: 'success', message: '', data }, headers);
    },
  },
  {
    number: 6,
    name: 'submit-long-id',
    phase: 'submit',
    line: '200 with a base64 id of 150 characters that contains / + and =',
    answer: (context) => reply(context, {}, longId(context)),
  },
  {
    number: 7,
    name: 'submit-vendor-status',
    phase: 'submit',
    line: "200 with the vendor's word for the status; =WORD, default processing",
    variants: 'any',
    answer: (context) =>
      reply(context, { status: context.variant ?? 'processing', progress: 3, seconds: '4' }),
  },
  {
    number: 8,
    name: 'submit-instant-success',
    phase: 'submit',
    line: '200 with status "completed" and a url inside the POST',
    answer(context) {
      const { job, reply: body, headers } = context.accept({ kind: 'instant-success' });
      const url = `${context.origins.gateway}/v1/videos/${job.id}/content`;
      return json(200, { ...body, status: 'completed', progress: 100, url }, headers);
    },
  },
  {
    number: 9,
    name: 'submit-instant-failure',
    phase: 'submit',
    line: '200 with status "failed", the reason in metadata.url; refunded',
    answer(context) {
      const { reply: body, headers } = context.accept({ kind: 'instant-failure' });
      const metadata = { url: 'content moderated (nsfw)' };
      return json(200, { ...body, status: 'failed', progress: 100, metadata }, headers);
    },
  },
  {
    number: 38,
    name: 'submit-slow',
    phase: 'submit',
    line: '200 after 60 s of gateway time; =SECONDS, =head sends the head at once',
    numberSets: 'value',
    variants: ['head'],
    answer(context) {
      const answer = reply(context, {});
      const delay = (context.value ?? 60) * 1000;
      return context.variant === 'head'
        ? { ...answer, bodyDelayMs: delay }
        : { ...answer, headDelayMs: delay };
    },
  },
  {
    number: 41,
    name: 'submit-orphan',
    phase: 'submit',
    line: '200 with an id that is unknown to every GET; the job is paid',
    answer: (context) => replyOf(context.accept({ kind: 'hidden' }), {}),
  },
  {
    number: 139,
    name: 'submit-201-id',
    phase: 'submit',
    line: '201 with the usual body, as documented; =202',
    variants: ['201', '202'],
    answer: (context) => ({ ...reply(context, {}), status: Number(context.variant ?? 201) }),
  },
  {
    number: 140,
    name: 'submit-hollow',
    phase: 'submit',
    line: '200 and charged, but no vendor job: NOT_START until the sweep after 24 h',
    answer: (context) => replyOf(context.accept({ kind: 'hollow' }), {}),
  },
  {
    number: 149,
    name: 'submit-charged-length',
    phase: 'submit',
    line: 'Sora with duration 8: charged for 8 s, video of 4 s (also without this scenario)',
    answer: () => null,
  },
];

function reply(context: SubmitContext, changes: Record<string, unknown>, id?: string): Transfer {
  return replyOf(context.accept(id === undefined ? {} : { id }), changes);
}

function replyOf(
  accepted: ReturnType<SubmitContext['accept']>,
  changes: Record<string, unknown>,
): Transfer {
  return json(200, { ...accepted.reply, ...changes }, accepted.headers);
}

function hexId(context: SubmitContext): string {
  return Buffer.from(context.exchange.requestId).toString('hex').slice(-32);
}

function longId(context: SubmitContext): string {
  const body = Buffer.from(`models/veo/operations/${hexId(context).repeat(3)}`).toString('base64');
  return `${body.slice(0, 146)}/+a=`;
}

import type { Context } from 'hono';
import { admissionIdPrefix, type LimitsChange } from '../../contract/admission.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { seeDone } from '../page/done.ts';
import { readForm } from '../page/form.ts';
import { layout } from '../page/layout.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { capsTexts } from '../texts/caps.ts';
import { inLanguage } from '../texts/in-language.ts';
import { beforeName, changeForm, reviewPage } from './change-forms.ts';
import {
  changesOf,
  fieldNames,
  FieldFault,
  fieldsOf,
  limitsChange,
  type FieldChange,
  type FormScope,
  type LimitFields,
} from './limit-fields.ts';
import { listAdmissions } from './read-admissions.ts';

/** Changes limits: a form, a page with old and new values, and the change. Only the last one is a POST. */
export const changeCapsPages: AddPages = (app, { ports }) => {
  app.get('/spend/caps/change', async (context) => {
    const form = await readChange(ports, new URL(context.req.url).searchParams);
    return showForm(context, { ...form, given: form.now });
  });
  app.get('/spend/caps/review', async (context) => {
    const form = await readChange(ports, new URL(context.req.url).searchParams);
    try {
      demandChange(form);
    } catch (error) {
      if (error instanceof FieldFault) return showForm(context, form, error);
      throw error;
    }
    return showReview(context, form);
  });
  app.post('/spend/caps', async (context) => {
    const fields = await readForm(context);
    const form = await readChange(ports, fields);
    try {
      const change = demandChange(form);
      if (isOutdated(form, fields)) return showReview(context, form, 'outdated');
      if (form.changes.length > 0) await ports.videos.limits.set(form.account, change);
    } catch (error) {
      if (error instanceof FieldFault) return showForm(context, form, error);
      throw error;
    }
    return seeDone(context, '/studio/spend/caps', { done: 'saved', nowMs: ports.now() });
  });
};

/** What a form says, and what it would change. */
export interface GivenChange extends FormScope {
  account: string;
  now: LimitFields;
  given: LimitFields;
  changes: FieldChange[];
}

/** @throws {ApiError} 404: a text that is no account must not start an admission. */
async function readChange(ports: StudioPorts, fields: URLSearchParams): Promise<GivenChange> {
  const account = fields.get('account') ?? '';
  const known = account.startsWith(admissionIdPrefix) && (await listAdmissions(ports));
  if (!known || !known.includes(account)) {
    throw new ApiError(404, 'not_found', { message: 'There is no such gateway account' });
  }
  const tag = fields.get('tag');
  const scope: FormScope = tag === null ? {} : { tag: tag.trim() };
  const status = await ports.videos.limits.status(account);
  const now = fieldsOf(status?.limits ?? {}, scope);
  // The review sends only what it shows. Other limits may have been changed by somebody else since then.
  const given: LimitFields = { ...now };
  for (const name of fieldNames(scope)) {
    const field = fields.get(name);
    if (field !== null) given[name] = field;
  }
  return { account, ...scope, now, given, changes: changesOf(now, given, scope) };
}

/** @throws {FieldFault} */
function demandChange({ changes, tag }: GivenChange): LimitsChange {
  if (tag === '') throw new FieldFault('tag', 'tag');
  return changes.length === 0 ? {} : limitsChange(changes, tag === undefined ? {} : { tag });
}

/** Whether a limit is not what the review showed as its value. */
function isOutdated({ changes }: GivenChange, fields: URLSearchParams): boolean {
  return changes.some(({ name, before }) => (fields.get(beforeName(name)) ?? '') !== before);
}

function showReview(context: Context<StudioEnv>, form: GivenChange, problem?: 'outdated') {
  const lang = context.get('lang');
  const { reviewTitle: title } = inLanguage(capsTexts, lang);
  const body = reviewPage(form, { lang, isOutdated: problem === 'outdated' });
  return context.html(layout(context, { title, section: 'spend', body }), problem ? 409 : 200);
}

function showForm(context: Context<StudioEnv>, form: GivenChange, fault?: FieldFault) {
  const lang = context.get('lang');
  const body = changeForm(form, { lang, ...(fault && { fault }) });
  const { change } = inLanguage(capsTexts, lang);
  return context.html(
    layout(context, { title: change, section: 'spend', body }),
    fault ? 400 : 200,
  );
}

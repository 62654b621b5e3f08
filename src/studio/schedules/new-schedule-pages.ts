import type { Context } from 'hono';
import { html } from 'hono/html';
import { VideoClientError } from '../../client/video-client-error.ts';
import { ManifestError } from '../../manifest/manifest-error.ts';
import type { Manifest } from '../../manifest/read-manifest.ts';
import { badBody } from '../../serve/bodies/body-fault.ts';
import { faultSummary, type Entered } from '../batches/batch-form.ts';
import { schedulePath } from '../batches/batch-path.ts';
import { checkManifest, dayOf } from '../batches/check-manifest.ts';
import { optionFacts } from '../batches/option-facts.ts';
import { problemTable } from '../batches/problem-table.ts';
import { quoteRows } from '../batches/quote-rows.ts';
import { quoteView } from '../batches/quote-view.ts';
import { faultsOfFile, readUpload } from '../batches/read-upload.ts';
import { storeRows } from '../batches/store-rows.ts';
import { hiddenFields } from '../components/form-field.ts';
import { seeDone } from '../page/done.ts';
import { readForm } from '../page/form.ts';
import { layout } from '../page/layout.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import { knownManifest, knownRows } from './known-rows.ts';
import { readScheduleFields, scheduleNames, type ScheduleFields } from './schedule-fields.ts';
import { scheduleForm, type StoredRows } from './schedule-form.ts';
import { scheduleNotes, whenFacts } from './schedule-quote.ts';
import type { AddPages } from '../studio-app.ts';
import { batchFormTexts } from '../texts/batch-form.ts';
import { inLanguage } from '../texts/in-language.ts';
import { scheduleTexts } from '../texts/schedules.ts';

const path = '/schedules/new';
const names = [...scheduleNames, 'name', 'ignoreColumns', 'from', 'manifest'];

/** A new schedule: the form, the check with the quote of a run, and the creation. */
export const newSchedulePages: AddPages = (app, { ports }) => {
  app.get(path, async (context) => {
    const { searchParams: fields } = new URL(context.req.url);
    const known = await knownRows(ports.storage, fields);
    const stored = known && storedRows(known);
    return formPage(context, { entered: { fields, faults: [] }, stored });
  });
  app.post(path, (context) => check(context, ports));
  app.post('/schedules/create', (context) => create(context, ports));
};

type Known = NonNullable<Awaited<ReturnType<typeof knownRows>>>;

function storedRows({ from, digest, rows }: Known): StoredRows {
  return { from, manifest: digest, count: rows.length };
}

interface Form {
  entered: Entered;
  stored: StoredRows | null;
  problems?: ManifestError;
}

async function formPage(
  context: Context<StudioEnv>,
  { entered, stored, problems }: Form,
): Promise<Response> {
  const lang = context.get('lang');
  const texts = inLanguage(scheduleTexts, lang);
  const isGone = stored === null && (entered.fields.get('manifest') ?? '') !== '';
  const isWrong = problems !== undefined || entered.faults.length > 0;
  const body = html`${problems ? problemTable(problems, lang) : faultSummary(entered, lang)}
  ${isGone ? html`<p class="notice warn">${texts.gone}</p>` : ''}
  ${scheduleForm(entered, { stored, lang })}`;
  const page = layout(context, { title: texts.newSchedule, section: 'schedules', body });
  return context.html(page, isWrong ? 422 : 200);
}

async function check(context: Context<StudioEnv>, ports: StudioPorts): Promise<Response> {
  const { fields: given, file } = await readUpload(context, names);
  const known = file ? null : await knownRows(ports.storage, given);
  const stored = known && storedRows(known);
  const fields = readScheduleFields(given, {
    fileName: file?.name ?? known?.from,
    nowMs: ports.now(),
  });
  const faults = [...fields.faults, ...(known ? [] : faultsOfFile(file))];
  const entered = { fields: given, faults };
  if (faults.length > 0) return formPage(context, { entered, stored });
  if (known) {
    return confirmPage(context, { ports, given, fields, known, warnings: [] });
  }
  const { noFiles } = inLanguage(batchFormTexts, context.get('lang'));
  try {
    const bytes = file?.bytes ?? new Uint8Array();
    const upload = { name: file?.name ?? '', bytes };
    const { rows, warnings } = await checkManifest(upload, ports, { fields, noFiles });
    const { name } = fields;
    const made = await storeRows(rows, { storage: ports.storage, name });
    const uploaded = { ...made, from: name, rows };
    return await confirmPage(context, { ports, given, fields, known: uploaded, warnings });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return formPage(context, { entered, stored, problems: error });
  }
}

interface Checked {
  ports: StudioPorts;
  given: URLSearchParams;
  fields: ScheduleFields;
  known: Known;
  warnings: Manifest['warnings'];
}

async function confirmPage(
  context: Context<StudioEnv>,
  { ports, given, fields, known, warnings }: Checked,
): Promise<Response> {
  const lang = context.get('lang');
  const texts = inLanguage(scheduleTexts, lang);
  const { name, options } = fields;
  const { from, digest, rows } = known;
  const quote = await quoteRows(rows, ports, { name, date: dayOf(fields, ports.now()) });
  const replaces = await exists(ports, name);
  const values = { name, from, manifest: digest, ...entries(given) };
  const again = new URLSearchParams({ name, ...entries(given) });
  const body = html`<section class="card">
      ${whenFacts(fields, { every: given.get('every') ?? '', lang })} ${optionFacts(options, lang)}
    </section>
    ${scheduleNotes(fields, { rows, replaces, lang })}
    <p>${texts.oneRun}</p>
    ${quoteView(quote, { warnings, lang })}
    <form class="card" method="post" action="/studio/schedules/create">
      ${hiddenFields(values)}
      <div class="row">
        <button class="main">${replaces ? texts.change : texts.create}</button>
        <a class="button" href="/studio${path}?${again.toString()}">${texts.otherFile}</a>
      </div>
      <p class="soft">${texts.createNote}</p>
    </form>`;
  return context.html(layout(context, { title: texts.check(name), section: 'schedules', body }));
}

function entries(given: URLSearchParams): Record<string, string> {
  const all = scheduleNames.map((name) => [name, (given.get(name) ?? '').trim()] as const);
  return Object.fromEntries(all.filter(([, value]) => value !== ''));
}

async function exists({ videos }: StudioPorts, name: string): Promise<boolean> {
  try {
    await videos.schedules.show(name);
    return true;
  } catch (error) {
    if (error instanceof VideoClientError && error.kind === 'not_found') return false;
    throw error;
  }
}

/** Creates what was checked. All fields are read again, because a person may have changed the form. */
async function create(context: Context<StudioEnv>, ports: StudioPorts): Promise<Response> {
  const form = await readForm(context);
  const { name, options, schedule, faults } = readScheduleFields(form, { nowMs: ports.now() });
  const known = knownManifest(form);
  if (faults.length > 0 || known === null) {
    throw badBody('The form was changed: check the file again. Nothing was scheduled');
  }
  const { key } = known;
  if ((await ports.storage.head(key)) === null) {
    throw badBody('The checked rows are not stored: check the file again. Nothing was scheduled');
  }
  const batch = { ...options, name, manifest: { key } };
  const { outcome } = await ports.videos.schedules.create({ ...schedule, batch });
  return seeDone(context, schedulePath(name), { done: outcome, nowMs: ports.now() });
}

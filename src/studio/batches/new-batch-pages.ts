import type { Context } from 'hono';
import { html } from 'hono/html';
import { VideoClientError } from '../../client/video-client-error.ts';
import { ManifestError } from '../../manifest/manifest-error.ts';
import type { Manifest } from '../../manifest/read-manifest.ts';
import { batchManifestKey, isManifestDigest } from '../../storage/records/stored-manifests.ts';
import { badBody } from '../../serve/bodies/body-fault.ts';
import { optionNames, readBatchFields, type BatchFields } from './batch-fields.ts';
import { faultSummary, fileFields, optionFields, type Entered } from './batch-form.ts';
import { batchPath } from './batch-path.ts';
import { checkManifest, dayOf } from './check-manifest.ts';
import { optionFacts } from './option-facts.ts';
import { problemTable } from './problem-table.ts';
import { quoteRows } from './quote-rows.ts';
import { quoteView, startWords } from './quote-view.ts';
import { faultsOfFile, readUpload, type Upload } from './read-upload.ts';
import { storeRows } from './store-rows.ts';
import { hiddenFields } from '../components/form-field.ts';
import { seeDone } from '../page/done.ts';
import { readForm } from '../page/form.ts';
import { layout, type Html } from '../page/layout.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { batchFormTexts } from '../texts/batch-form.ts';
import { batchTexts } from '../texts/batches.ts';
import { inLanguage } from '../texts/in-language.ts';
import { quoteTexts } from '../texts/quotes.ts';

const path = '/batches/new';

/** A new batch: the form, the check of its file with the quote, and the start. */
export const newBatchPages: AddPages = (app, { ports }) => {
  app.get(path, (context) => {
    const { searchParams: fields } = new URL(context.req.url);
    return formPage(context, { entered: { fields, faults: [] } });
  });
  // Shows what it found instead of a redirect: it starts nothing, and a reload checks the file again.
  app.post(path, async (context) => {
    const upload = await readUpload(context, [...optionNames, 'name', 'ignoreColumns']);
    const fields = readBatchFields(upload.fields, { fileName: upload.file?.name ?? '' });
    return check(context, { ports, upload, fields, nowMs: ports.now() });
  });
  app.post('/batches/start', async (context) => start(context, ports));
};

interface Checking {
  ports: StudioPorts;
  upload: Upload;
  fields: BatchFields;
  /** The time of the check. Its day is that of the rows, also if they are started later. */
  nowMs: number;
}

async function check(
  context: Context<StudioEnv>,
  { ports, upload, fields, nowMs }: Checking,
): Promise<Response> {
  const { file } = upload;
  const entered = { fields: upload.fields, faults: [...fields.faults, ...faultsOfFile(file)] };
  const { bytes } = file ?? {};
  if (entered.faults.length > 0 || !file || !bytes) return formPage(context, { entered });
  const { noFiles } = inLanguage(batchFormTexts, context.get('lang'));
  try {
    const { storage, host } = ports;
    const atCheck = { storage, host, now: () => nowMs };
    const manifest = await checkManifest({ name: file.name, bytes }, atCheck, { fields, noFiles });
    return await quotePage(context, { ports, upload, fields, nowMs }, manifest);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return formPage(context, { entered, problems: error });
  }
}

async function formPage(
  context: Context<StudioEnv>,
  { entered, problems }: { entered: Entered; problems?: ManifestError },
): Promise<Response> {
  const lang = context.get('lang');
  const texts = inLanguage(batchFormTexts, lang);
  const isWrong = problems !== undefined || entered.faults.length > 0;
  const body = html`${problems ? problemTable(problems, lang) : faultSummary(entered, lang)}
    <form
      class="card"
      method="post"
      action="/studio${path}"
      enctype="multipart/form-data"
      novalidate
    >
      <p>${texts.intro}</p>
      ${fileFields(entered, lang)} ${optionFields(entered, lang)}
      <div class="row">
        <button class="main">${texts.check}</button><span class="soft">${texts.checkNote}</span>
      </div>
    </form>
    ${example(texts.columns)}`;
  const page = layout(context, { title: texts.title, section: 'batches', body });
  return context.html(page, isWrong ? 422 : 200);
}

function example(text: string): Html {
  return html`<p class="soft">${text}</p>
    <pre>
key,model,prompt,seconds
cat-1,sora-2,"A cat looks out of a window, rain",4
cat-2,sora-2,"The cat sees a bird",8</pre>`;
}

async function quotePage(
  context: Context<StudioEnv>,
  { ports, upload, fields, nowMs }: Checking,
  { rows, warnings }: Manifest,
): Promise<Response> {
  const lang = context.get('lang');
  const texts = inLanguage(quoteTexts, lang);
  const { name } = fields;
  const { digest: manifest } = await storeRows(rows, { storage: ports.storage, name });
  const quote = await quoteRows(rows, ports, { name, date: dayOf(fields, nowMs) });
  const options = optionsOf(upload.fields);
  const values = { name, manifest, at: new Date(nowMs).toISOString(), ...options };
  const onSchedule = new URLSearchParams({ from: name, name, manifest, ...options });
  const again = new URLSearchParams({
    name,
    ignoreColumns: fields.ignoreColumns.join(','),
    ...options,
  });
  const body = html`${quoteView(quote, { warnings, lang })}
    <form class="card" method="post" action="/studio/batches/start">
      ${hiddenFields(values)} ${optionFacts(fields.options, lang)}
      <div class="row">
        <button class="main">${startWords(quote, texts)}</button>
        <a class="button" href="/studio${path}?${again.toString()}">${texts.back}</a>
      </div>
      <p class="soft">${texts.startNote}</p>
    </form>
    <p><a href="/studio/schedules/new?${onSchedule.toString()}">${texts.schedule}</a></p>`;
  return context.html(layout(context, { title: texts.check(name), section: 'batches', body }));
}

/** The options of a form as they were entered, without empty ones. */
function optionsOf(fields: URLSearchParams): Record<string, string> {
  const given = optionNames.map((name) => [name, (fields.get(name) ?? '').trim()] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/**
 * Starts what was quoted. The form only names a checked manifest by its digest: the object key is made here, so that it
 * cannot be that of another object.
 */
async function start(context: Context<StudioEnv>, ports: StudioPorts): Promise<Response> {
  const form = await readForm(context);
  const { name, options, faults } = readBatchFields(form);
  const digest = form.get('manifest') ?? '';
  const at = form.get('at') ?? '';
  if (faults.length > 0 || !isManifestDigest(digest) || !isTime(at)) {
    throw badBody('The form was changed: check the file again. Nothing was started');
  }
  const key = batchManifestKey(name, digest);
  if ((await ports.storage.head(key)) === null) {
    throw badBody('The checked rows are not stored: check the file again. Nothing was started');
  }
  try {
    const batch = { ...options, name, manifest: { key }, at };
    const { outcome } = await ports.videos.batches.start(batch);
    return seeDone(context, batchPath(name), { done: outcome, nowMs: ports.now() });
  } catch (error) {
    const isTaken = error instanceof VideoClientError && error.kind === 'key_conflict';
    if (!isTaken) throw error;
    return conflictPage(context, name);
  }
}

function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

async function conflictPage(context: Context<StudioEnv>, name: string): Promise<Response> {
  const texts = inLanguage(batchTexts, context.get('lang'));
  const body = html`<div class="notice warn" role="alert" tabindex="-1" data-autofocus>
      <p>${texts.conflictText(name)}</p>
      <p>${texts.conflictToDo}</p>
    </div>
    <div class="row">
      <a class="button" href="${batchPath(name)}">${texts.openIt}</a>
      <a class="button" href="/studio${path}">${texts.newBatch}</a>
    </div>`;
  const page = layout(context, { title: texts.conflictTitle, section: 'batches', body });
  return context.html(page, 409);
}

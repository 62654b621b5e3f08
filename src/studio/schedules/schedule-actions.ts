import type { Context } from 'hono';
import { html } from 'hono/html';
import { calendarDate } from '../../contract/calendar-date.ts';
import { readStoredManifest } from '../../storage/records/stored-manifests.ts';
import { nameOfSegment, schedulePath } from '../batches/batch-path.ts';
import { quoteRows } from '../batches/quote-rows.ts';
import { quoteView, startWords } from '../batches/quote-view.ts';
import { hiddenFields, textField } from '../components/form-field.ts';
import { seeDone } from '../page/done.ts';
import { words } from '../components/words.ts';
import { readForm } from '../page/form.ts';
import { layout } from '../page/layout.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { batchTexts } from '../texts/batches.ts';
import { inLanguage } from '../texts/in-language.ts';
import { quoteTexts } from '../texts/quotes.ts';
import { scheduleTexts } from '../texts/schedules.ts';

/** Actions on a schedule. A run is confirmed with what it costs, a deletion by the typed name. */
export const scheduleActionPages: AddPages = (app, { ports }) => {
  const { schedules } = ports.videos;
  app.post('/schedules/:name/pause', async (context) => {
    const name = nameOfSegment(context.req.param('name'));
    await schedules.pause(name);
    return seeDone(context, schedulePath(name), { done: 'paused', nowMs: ports.now() });
  });
  app.post('/schedules/:name/resume', async (context) => {
    const name = nameOfSegment(context.req.param('name'));
    await schedules.resume(name);
    return seeDone(context, schedulePath(name), { done: 'resumed', nowMs: ports.now() });
  });
  app.get('/schedules/:name/trigger', (context) => triggerPage(context, ports));
  app.post('/schedules/:name/trigger', async (context) => {
    const name = nameOfSegment(context.req.param('name'));
    const date = (await readForm(context)).get('date');
    const { batch } = await schedules.show(name);
    // A run after midnight makes other videos than those of the quote.
    if (batch && date !== dayOf(batch, ports)) return triggerPage(context, ports, { isLate: true });
    await schedules.trigger(name);
    return seeDone(context, schedulePath(name), { done: 'triggered', nowMs: ports.now() });
  });
  app.get('/schedules/:name/delete', (context) => deletePage(context));
  app.post('/schedules/:name/delete', async (context) => {
    const name = nameOfSegment(context.req.param('name'));
    const typed = (await readForm(context)).get('typed') ?? '';
    if (typed.trim() !== name) return deletePage(context, typed);
    await schedules.delete(name);
    return seeDone(context, '/studio/schedules', { done: 'deleted', nowMs: ports.now() });
  });
};

/** What a run would cost now, before the button. */
async function triggerPage(
  context: Context<StudioEnv>,
  ports: StudioPorts,
  { isLate = false }: { isLate?: boolean } = {},
): Promise<Response> {
  const lang = context.get('lang');
  const texts = inLanguage(scheduleTexts, lang);
  const { name, batch } = await ports.videos.schedules.show(
    nameOfSegment(context.req.param('name') ?? ''),
  );
  const rows = batch && (await readStoredManifest(ports.storage, batch.manifest.key));
  const back = html`<a class="button" href="${schedulePath(name)}">${texts.back}</a>`;
  const title = texts.triggerTitle(name);
  if (!batch || !rows) {
    const body = html`<p class="notice warn">${words(texts.noQuote)}</p>
      ${back}`;
    return context.html(layout(context, { title, section: 'schedules', body }));
  }
  const date = dayOf(batch, ports);
  const quote = await quoteRows(rows, ports, { name: batch.name, date });
  const body = html`${isLate ? html`<p class="notice warn" role="alert">${texts.otherDay}</p>` : ''}
    ${quoteView(quote, { warnings: [], lang })}
    <form class="card" method="post" action="${schedulePath(name, '/trigger')}">
      ${hiddenFields({ date })}
      <div class="row">
        <button class="main">${startWords(quote, inLanguage(quoteTexts, lang))}</button>
        ${back}
      </div>
      <p class="soft">${texts.triggerNote}</p>
    </form>`;
  const page = layout(context, { title, section: 'schedules', body });
  return context.html(page, isLate ? 409 : 200);
}

/** The day of the rows of a run now: that of `{{date}}`. */
function dayOf({ timeZone = 'UTC' }: { timeZone?: string }, { now }: Pick<StudioPorts, 'now'>) {
  return calendarDate(new Date(now()), timeZone);
}

/** @param typed What was typed instead of the name. */
async function deletePage(context: Context<StudioEnv>, typed?: string): Promise<Response> {
  const lang = context.get('lang');
  const texts = inLanguage(scheduleTexts, lang);
  const { typeName, wrongName } = inLanguage(batchTexts, lang);
  const name = nameOfSegment(context.req.param('name') ?? '');
  const isWrong = typed !== undefined;
  const field = { name: 'typed', label: typeName(name), ...(isWrong && { fault: wrongName }) };
  const body = html`<section class="card">
    <p>${texts.deleteText}</p>
    <form method="post" action="${schedulePath(name, '/delete')}">
      ${textField(field, { isRequired: true, value: typed ?? '' })}
      <div class="row">
        <button class="danger">${texts.deleteIt}</button>
        <a class="button" href="${schedulePath(name)}">${texts.back}</a>
      </div>
    </form>
  </section>`;
  const page = layout(context, { title: texts.deleteTitle(name), section: 'schedules', body });
  return context.html(page, isWrong ? 422 : 200);
}

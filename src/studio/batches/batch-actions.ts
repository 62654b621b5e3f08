import type { Context } from 'hono';
import { html } from 'hono/html';
import type { BatchClient } from '../../client/batch/batch-client.ts';
import { batchPath, nameOfSegment } from './batch-path.ts';
import { textField } from '../components/form-field.ts';
import { seeDone } from '../page/done.ts';
import { readForm } from '../page/form.ts';
import { layout } from '../page/layout.ts';
import type { StudioEnv } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { batchTexts } from '../texts/batches.ts';
import { inLanguage } from '../texts/in-language.ts';

/** An action, and what it did: a name of a text. */
type Act = (batches: BatchClient, name: string) => Promise<string>;

const actions: Readonly<Record<string, Act>> = {
  pause: async (batches, name) => {
    await batches.pause(name);
    return 'paused';
  },
  resume: async (batches, name) => {
    await batches.resume(name);
    return 'resumed';
  },
  retry: async (batches, name) => (await batches.retryFailed(name)).outcome,
  keep: async (batches, name) => {
    await batches.keep(name);
    return 'kept';
  },
};

/** Actions on a batch. Each is a form of its own, because a link could be followed without a person. */
export const batchActions: AddPages = (app, { ports }) => {
  const { batches } = ports.videos;
  for (const [action, act] of Object.entries(actions)) {
    app.post(`/batches/:name/${action}`, async (context) => {
      const name = nameOfSegment(context.req.param('name'));
      const done = await act(batches, name);
      return seeDone(context, batchPath(name), { done, nowMs: ports.now() });
    });
  }
  app.get('/batches/:name/stop', (context) => stopPage(context));
  app.post('/batches/:name/cancel', async (context) => {
    const name = nameOfSegment(context.req.param('name'));
    const typed = (await readForm(context)).get('typed') ?? '';
    if (typed.trim() !== name) return stopPage(context, typed);
    const { outcome } = await batches.cancel(name);
    return seeDone(context, batchPath(name), { done: outcome, nowMs: ports.now() });
  });
};

/** Two ways to stop a batch. @param typed What was typed instead of the name. */
async function stopPage(context: Context<StudioEnv>, typed?: string): Promise<Response> {
  const texts = inLanguage(batchTexts, context.get('lang'));
  const name = nameOfSegment(context.req.param('name') ?? '');
  const isWrong = typed !== undefined;
  const field = {
    name: 'typed',
    label: texts.typeName(name),
    ...(isWrong && { fault: texts.wrongName }),
  };
  const body = html`<section class="card">
      <h2>${texts.keepTitle}</h2>
      <p>${texts.keepText}</p>
      <form method="post" action="${batchPath(name, '/keep')}">
        <button>${texts.keep}</button>
      </form>
    </section>
    <section class="card">
      <h2>${texts.cancelTitle}</h2>
      <p>${texts.cancelText}</p>
      <form method="post" action="${batchPath(name, '/cancel')}">
        ${textField(field, { isRequired: true, value: typed ?? '' })}
        <button class="danger">${texts.cancel}</button>
      </form>
    </section>
    <p><a href="${batchPath(name)}">${texts.back}</a></p>`;
  const page = layout(context, { title: `${texts.stop}: ${name}`, section: 'batches', body });
  return context.html(page, isWrong ? 422 : 200);
}

import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { VideoClientError } from '../../client/video-client-error.ts';
import { quoteRequest } from '../../contract/quote-request.ts';
import { maxImageBytes } from '../../contract/stored-inputs.ts';
import { videoRequestSchema, type VideoRequest } from '../../contract/video-request.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { createStoredImages } from '../../storage/records/stored-images.ts';
import { readForm, seeOther } from '../page/form.ts';
import { readFormWithFiles, type FormWithFiles } from '../page/form-files.ts';
import { layout } from '../page/layout.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { createTexts } from '../texts/create.ts';
import { inLanguage } from '../texts/in-language.ts';
import { createVideoReader, type StudioVideo } from '../videos/read-video.ts';
import { formPage } from './form-page.ts';
import { modelPage } from './model-page.ts';
import { quotePage, type Offer } from './quote-page.ts';
import {
  fieldNames,
  listOf,
  requestOf,
  type FieldFault,
  type GivenFields,
} from './video-fields.ts';

const maxImages = 8;
const maxUploadBytes = maxImages * maxImageBytes;
const noFields = Object.fromEntries(fieldNames.map((name) => [name, ''])) as unknown as GivenFields;

/** Pages that make a video: the model, its fields, the quote, and the button that pays. */
export const createPages: AddPages = (app, { ports }) => {
  const readVideo = createVideoReader(ports);
  app.get('/new', async (context) => {
    const from = context.req.query('from');
    if (from !== undefined) return showAgain(context, ports, await readVideo(from));
    const model = context.req.query('model')?.trim() ?? '';
    return model === ''
      ? showModels(context, ports)
      : showForm(context, ports, { given: { ...noFields, model }, faults: [] });
  });
  app.post('/new/quote', async (context) => {
    const form = await readFormWithFiles(context, maxUploadBytes);
    const given = Object.fromEntries(
      fieldNames.map((name) => [name, form.text(name)]),
    ) as unknown as GivenFields;
    return quoteForm(context, ports, { form, given });
  });
  app.post('/new/start', (context) => start(context, ports));
};

function showModels(context: Context<StudioEnv>, { prices }: StudioPorts) {
  const texts = inLanguage(createTexts, context.get('lang'));
  const body = modelPage(prices, texts);
  return context.html(layout(context, { title: texts.title, section: 'newVideo', body }));
}

function showForm(
  context: Context<StudioEnv>,
  { prices: book }: StudioPorts,
  shown: { given: GivenFields; faults: readonly FieldFault[] },
) {
  const texts = inLanguage(createTexts, context.get('lang'));
  const body = formPage({ ...shown, book, texts });
  const status = shown.faults.length > 0 ? 422 : 200;
  return context.html(layout(context, { title: texts.title, section: 'newVideo', body }), status);
}

async function quoteForm(
  context: Context<StudioEnv>,
  ports: StudioPorts,
  { form, given }: { form: FormWithFiles; given: GivenFields },
) {
  const texts = inLanguage(createTexts, context.get('lang'));
  const { host, prices: book } = ports;
  const stored = await storeImages(form, ports);
  if ('faults' in stored) return showForm(context, ports, { given, ...stored });
  const read = requestOf(given, { images: stored.images, host, texts });
  if ('faults' in read) return showForm(context, ports, { given, ...read });
  const { request } = read;
  const quote = quoteRequest(request, { host, book });
  // What is refused is corrected in the form, which has the values.
  if (quote.refusals.length > 0) {
    const faults = quote.refusals.map(({ field, message }): FieldFault => ({
      field: nameOf(field),
      message,
    }));
    return showForm(context, ports, { given, faults });
  }
  const offer = { request, quote, key: given.name || newKey(), tags: given.tags };
  return showOffer(context, offer);
}

function showOffer(context: Context<StudioEnv>, offer: Offer) {
  const texts = inLanguage(createTexts, context.get('lang'));
  const { model } = offer.request.body;
  // The back button shows this page again, with its key, instead of asking to send the form again.
  context.header('cache-control', 'private, no-cache');
  const body = html`${quotePage(offer, texts)}
    <p><a href="/studio/new?model=${encodeURIComponent(model)}">${texts.change}</a></p>`;
  return context.html(layout(context, { title: texts.quoteTitle, section: 'newVideo', body }));
}

/** The quote of the request of a video, as a new video. */
function showAgain(
  context: Context<StudioEnv>,
  { host, prices: book }: StudioPorts,
  { request, memo }: StudioVideo,
) {
  if (!request) return seeOther(context, `/studio/new?model=${encodeURIComponent(memo.model)}`);
  const quote = quoteRequest(request, { host, book });
  return showOffer(context, { request, quote, key: newKey(), tags: memo.tags.join(', ') });
}

/** The field of the form by the field of the body. */
function nameOf(field: string): FieldFault['field'] {
  if (/prompt/.test(field)) return 'prompt';
  if (/second|duration|length/.test(field)) return 'seconds';
  if (/ratio/.test(field)) return 'ratio';
  if (/resolution|size/.test(field)) return 'resolution';
  if (/audio|sound/.test(field)) return 'audio';
  return /image|frame|reference|video/.test(field) ? 'images' : 'metadata';
}

/** Uploads are stored before the quote, by their content, so that the request that was quoted is the one that is sent. */
async function storeImages(
  form: FormWithFiles,
  { storage }: StudioPorts,
): Promise<{ images: string[] } | { faults: FieldFault[] }> {
  const images: string[] = [];
  try {
    for (const file of form.files('images')) {
      images.push(
        await createStoredImages({ storage }).put(
          new Uint8Array(await file.arrayBuffer()),
          'image',
        ),
      );
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { faults: [{ field: 'images', message: error.message }] };
  }
  return { images };
}

function newKey(): string {
  return `studio-${randomBytes(8).toString('hex')}`;
}

const offerSchema = z.object({
  request: z.string(),
  key: z.string().min(1).max(200),
  tags: z.string(),
});

/** The only page that spends. The key makes a repeated click, and a reload, the same video. */
async function start(context: Context<StudioEnv>, ports: StudioPorts): Promise<Response> {
  const texts = inLanguage(createTexts, context.get('lang'));
  const fields = offerSchema.safeParse(Object.fromEntries(await readForm(context)));
  const request = fields.success ? parseRequest(fields.data.request) : null;
  if (!fields.success || !request) {
    throw new ApiError(400, 'invalid_request', { message: texts.incomplete });
  }
  const { key, tags } = fields.data;
  try {
    const { videoId } = await ports.videos.start(request, { key, tags: listOf(tags) });
    return seeOther(context, `/studio/videos/${encodeURIComponent(videoId)}`);
  } catch (error) {
    if (!(error instanceof VideoClientError) || error.kind !== 'key_conflict') throw error;
    throw new ApiError(422, 'idempotency_key_reused', { message: texts.conflict, cause: error });
  }
}

function parseRequest(text: string): VideoRequest | null {
  try {
    return videoRequestSchema.parse(JSON.parse(text)) as VideoRequest;
  } catch {
    return null;
  }
}

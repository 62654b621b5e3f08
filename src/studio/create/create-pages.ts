import type { Context } from 'hono';
import { z } from 'zod';
import { VideoClientError } from '../../client/video-client-error.ts';
import { videoRequestSchema, type VideoRequest } from '../../contract/video-request.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { createStoredImages } from '../../storage/records/stored-images.ts';
import { readForm, seeOther } from '../page/form.ts';
import { readFormWithFiles } from '../page/form-files.ts';
import { layout } from '../page/layout.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { createTexts } from '../texts/create.ts';
import { inLanguage, type TextsOf } from '../texts/in-language.ts';
import type { StudioVideo } from '../videos/read-video.ts';
import { videoPath } from '../videos/video-paths.ts';
import { formPage } from './form-page.ts';
import { makeOffer, newNonce } from './make-offer.ts';
import { modelPage } from './model-page.ts';
import { quotePage, type Offer } from './quote-page.ts';
import {
  fieldNames,
  isName,
  isReserved,
  listOf,
  requestOf,
  storedImages,
  type FieldFault,
  type GivenFields,
} from './video-fields.ts';

type Texts = TextsOf<typeof createTexts>;

const maxImages = 8;
const maxUploadBytes = 40_000_000;

/** Pages that make a video: the model, its fields, the quote, and the button that pays. */
export const createPages: AddPages = (app, { ports, readVideo }) => {
  app.get('/new', async (context) => {
    // The address has the nonce, so that a reload and the back button are the same form.
    const { from, nonce, model = '' } = context.req.query();
    if (from !== undefined) {
      if (nonce === undefined) return seeOther(context, newPath({ from }));
      return showAgain(context, ports, { video: await readVideo(from), nonce });
    }
    if (model.trim() === '') return showModels(context, ports);
    if (nonce === undefined) return seeOther(context, newPath({ model: model.trim() }));
    const given = givenFields((name) => ({ model: model.trim(), nonce })[name] ?? '');
    return showForm(context, ports, { given, faults: [] });
  });
  app.post('/new/quote', (context) => quoteForm(context, ports));
  app.post('/new/change', async (context) => {
    const fields = await readForm(context);
    const given = givenFields((name) => fields.get(name) ?? '');
    return showForm(context, ports, { given, faults: [] });
  });
  app.post('/new/start', (context) => start(context, ports));
};

function newPath(what: { from: string } | { model: string }): string {
  return `/studio/new?${String(new URLSearchParams({ ...what, nonce: newNonce() }))}`;
}

function givenFields(read: (name: string) => string): GivenFields {
  const entries = fieldNames.map((name) => [name, read(name)]);
  return Object.fromEntries(entries) as unknown as GivenFields;
}

function textsOf(context: Context<StudioEnv>): Texts {
  return inLanguage(createTexts, context.get('lang'));
}

function showModels(context: Context<StudioEnv>, { prices }: StudioPorts) {
  const texts = textsOf(context);
  const body = modelPage(prices, texts);
  return context.html(layout(context, { title: texts.title, section: 'newVideo', body }));
}

function showForm(
  context: Context<StudioEnv>,
  { prices: book }: StudioPorts,
  shown: { given: GivenFields; faults: readonly FieldFault[] },
) {
  const texts = textsOf(context);
  const body = formPage({ ...shown, book, texts });
  const status = shown.faults.length > 0 ? 422 : 200;
  return context.html(layout(context, { title: texts.title, section: 'newVideo', body }), status);
}

async function quoteForm(context: Context<StudioEnv>, ports: StudioPorts) {
  const texts = textsOf(context);
  const form = await readFormWithFiles(context, maxUploadBytes);
  const sent = givenFields(form.text);
  const stored = await storeImages(form.files('images'), ports, texts);
  const images = [...storedImages(sent), ...stored.images];
  const given = { ...sent, stored: images.join(',') };
  if (stored.faults.length > 0) return showForm(context, ports, { given, faults: stored.faults });
  const read = requestOf(given, { images, host: ports.host, texts });
  if ('faults' in read) return showForm(context, ports, { given, ...read });
  const { tags, nonce, name } = given;
  const made = await makeOffer(ports, { ...read, tags, nonce, name, given }, texts);
  return 'faults' in made
    ? showForm(context, ports, { given, ...made })
    : showOffer(context, made.offer);
}

function showOffer(context: Context<StudioEnv>, offer: Offer) {
  const texts = textsOf(context);
  // The back button shows this page again, with its key, instead of asking to send the form again.
  context.header('cache-control', 'private, no-cache');
  const body = quotePage(offer, texts);
  return context.html(layout(context, { title: texts.quoteTitle, section: 'newVideo', body }));
}

/** The quote of the request of a video, as a new video. */
async function showAgain(
  context: Context<StudioEnv>,
  ports: StudioPorts,
  { video: { request, memo }, nonce }: { video: StudioVideo; nonce: string },
) {
  if (!request) return seeOther(context, `/studio/new?model=${encodeURIComponent(memo.model)}`);
  const tags = memo.tags.filter((tag) => !isReserved(tag)).join(', ');
  const made = await makeOffer(ports, { request, tags, nonce, name: '' }, textsOf(context));
  if ('offer' in made) return showOffer(context, made.offer);
  return seeOther(context, '/studio/new');
}

/** Uploads are stored before the quote, by their content, so that the request that was quoted is the one that is sent. */
async function storeImages(
  files: readonly File[],
  { storage }: StudioPorts,
  texts: Texts,
): Promise<{ images: string[]; faults: FieldFault[] }> {
  const images: string[] = [];
  const fault = (message: string) => ({ images, faults: [{ field: 'images' as const, message }] });
  if (files.length > maxImages) return fault(texts.tooManyImages(String(maxImages)));
  try {
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      images.push(await createStoredImages({ storage }).put(bytes, 'image'));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fault(error.message);
  }
  return { images, faults: [] };
}

const offerSchema = z.object({
  request: z.string(),
  key: z.string().refine(isName),
  tags: z.string().refine((text) => !listOf(text).some(isReserved)),
});

/** The only page that spends. The key makes a repeated click, and a reload, the same video. */
async function start(context: Context<StudioEnv>, ports: StudioPorts): Promise<Response> {
  const texts = textsOf(context);
  const fields = offerSchema.safeParse(Object.fromEntries(await readForm(context)));
  const request = fields.success ? parseRequest(fields.data.request) : null;
  if (!fields.success || !request) {
    throw new ApiError(400, 'invalid_request', { message: texts.incomplete });
  }
  const { key, tags } = fields.data;
  try {
    const { videoId } = await ports.videos.start(request, { key, tags: listOf(tags) });
    return seeOther(context, videoPath(videoId));
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

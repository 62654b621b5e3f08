import Table from 'cli-table3';
import { priceListDate } from '../../contract/models/catalog-price.ts';
import { oneLine } from '../../contract/one-line.ts';
import type { ModelFacts } from '../../contract/models/model-facts.ts';
import type { ModelPage } from './model-page.ts';
import type { KeyModels } from './models.ts';
import type { Colors } from '../output.ts';
import { moneyWords, sourceWords } from './quote-words.ts';
import { counted } from '../storage/words.ts';
import { plainTable } from '../table.ts';

interface Listing {
  known: readonly ModelFacts[];
  /** Names that the gateway lists and the catalogue lacks. */
  unknown: readonly string[];
  list: KeyModels;
}

const noMore = 12;

/** One line for each model, as wide as a terminal. */
export function tableLines({ known, unknown, list }: Listing, colors: Colors): string[] {
  const table = new Table({
    head: ['model', 'seconds', 'resolution', 'shape', 'img/vid/aud', 'price'].map((name) =>
      colors.dim(name),
    ),
    ...plainTable,
  });
  for (const facts of known) {
    table.push([
      shown(facts.id),
      secondsWords(facts.seconds),
      tierWords(facts.resolution.values),
      shapeWords(facts.ratio),
      mediaWords(facts.media),
      priceRange(facts),
    ]);
  }
  const more = unknown.length - noMore;
  return [
    ...(known.length === 0 ? [] : linesOf(table)),
    ...(unknown.length === 0
      ? []
      : [
          `${counted(unknown.length, 'more model')} not in the catalogue: ${unknown.slice(0, noMore).map(shown).join(', ')}${more > 0 ? `, and ${more} more` : ''}`,
        ]),
    colors.dim('Defaults are in brackets. Prices are per second or per video.'),
    ...sourceLines(list, known).map(colors.dim),
  ];
}

/** Ids come from the gateway, so they are cut. */
function shown(id: string): string {
  return oneLine(id).slice(0, 80);
}

/** Trailing spaces would wrap. */
function linesOf(table: Table.Table): string[] {
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

function sourceLines(list: KeyModels, known: readonly ModelFacts[]): string[] {
  const sources = new Set(known.flatMap(({ prices }) => (prices ? [sourceWords(prices)] : [])));
  return [
    ...(sources.size === 0 ? [] : [`Prices: ${[...sources].join(' and ')}.`]),
    list.ids
      ? 'This is what the gateway lists for this API key.'
      : `This is the catalogue, not what the API key may use: ${list.reason}.`,
  ];
}

/** Facts, a body to copy, and common mistakes. */
export function pageLines(page: ModelPage, colors: Colors): string[] {
  const { id, plugins, seconds, resolution, ratio, media, note, safeBody, traps } = page;
  const facts = [
    ['API key', keyWords(page)],
    [plugins.length === 1 ? 'plugin' : 'plugins', plugins.join(', ')],
    ['seconds', secondsWords(seconds)],
    ['resolution', listWords(resolution)],
    ['shape', listWords(ratio)],
    ['media', longMediaWords(media)],
    ['price', priceWords(page)],
    ...(note === undefined ? [] : [['note', note]]),
  ];
  return [
    colors.bold(shown(id)),
    ...facts.map(([label = '', value]) => `  ${colors.dim(label.padEnd(12))}${value}`),
    '',
    'A body that every plugin reads alike:',
    `  ${JSON.stringify(safeBody)}`,
    '',
    'Common fields and their effects:',
    ...traps.map(
      ({ sent, effect, field: at, message }) =>
        `  ${sent.padEnd(20)} ${colors.dim(effect.padEnd(8))} "${at}": ${message}`,
    ),
  ];
}

function keyWords({ listed, notAsked }: ModelPage): string {
  if (listed === null) return `not checked: ${notAsked ?? ''}`;
  return listed ? 'may use it' : 'may not use it: the gateway does not list it';
}

function priceWords({ price, prices }: ModelPage): string {
  if (prices === null) return `not known; not in the price list of ${priceListDate}`;
  const words = price.map(({ resolution, perSecond, perVideo }) => {
    const money = moneyWords(perSecond ?? perVideo ?? null);
    return resolution === null ? money : `${resolution} ${money}`;
  });
  const unit = price.some(({ perSecond }) => perSecond !== undefined) ? 'a second' : 'a video';
  return `${words.join(', ')} ${unit}, by ${sourceWords(prices)}`;
}

function priceRange({ price }: ModelFacts): string {
  const perSecond = price.flatMap((each) => each.perSecond ?? []);
  const perVideo = price.flatMap((each) => each.perVideo ?? []);
  const [values, unit] = perSecond.length > 0 ? [perSecond, '/s'] : [perVideo, '/video'];
  if (values.length === 0) return '?';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = least === most ? short(least) : `${short(least)}–${short(most)}`;
  return `${range}${unit}`;
}

function short(money: number): string {
  return String(Number(money.toFixed(4)));
}

function secondsWords({ values, from, to, default: preferred }: ModelFacts['seconds']): string {
  const range = values.length > 0 ? values.join(' ') : `${from ?? '?'}–${to ?? '?'}`;
  return preferred === null ? range : `${range} (${preferred})`;
}

function tierWords(values: readonly string[]): string {
  const [first = '', last = ''] = [values.at(0), values.at(-1)];
  return values.length > 2 ? `${first}–${last}` : values.join(' ');
}

function shapeWords({ values, default: preferred }: ModelFacts['ratio']): string {
  const others = values.filter((value) => value !== preferred).length;
  if (preferred === null) return values.length === 0 ? '' : counted(values.length, 'shape');
  return others === 0 ? `(${preferred})` : `(${preferred}) +${others}`;
}

function listWords({ values, default: preferred }: ModelFacts['ratio']): string {
  if (values.length === 0) return preferred ?? 'not known';
  return values.map((value) => (value === preferred ? `(${value})` : value)).join(' ');
}

function mediaWords({ images, videos, audios }: ModelFacts['media']): string {
  return [images, videos, audios].map((most) => most ?? '?').join('/');
}

function longMediaWords(media: ModelFacts['media']): string {
  const kinds = (['images', 'videos', 'audios'] as const).map((kind) => {
    const most = media[kind];
    if (most === 0) return `no ${kind}`;
    if (most === null) return `${kind} without a known limit`;
    return `up to ${counted(most, kind.slice(0, -1))}`;
  });
  return kinds.join(', ');
}

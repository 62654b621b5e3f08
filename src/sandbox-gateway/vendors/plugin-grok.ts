import type { CreateRequest } from '../create-request.ts';
import { oneOfChoices, openFields, PluginRefusal, textsOf, wholeNumber } from './plugin-fields.ts';
import type { PluginFields } from './plugin-fields.ts';
import type { Decoded } from './plugin-xm.ts';
import type { MadeMedium } from './vendor-plan.ts';

const ratios = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3'];
const resolutionFields = ['resolution', 'quality', 'vquality', 'metadata.resolution'];
const ratioFields = ['aspect_ratio', 'size', 'metadata.aspect_ratio', 'ratio', 'metadata.ratio'];
const imageFields = ['image', 'input_reference', 'image_url', 'images', 'image_urls'];

/**
 * grok-imagine-video-1.5 as the Grok-style plugin decodes it: one image at an https address, always with sound.
 *
 * @throws {PluginRefusal}
 */
export function decodeGrok(
  { body, model, prompt }: CreateRequest,
  { mediaOrigin }: { mediaOrigin: string },
): Decoded {
  const fields = openFields(body, { metadataText: true });
  fields.read('prompt');
  const found = fields.first(['duration', 'seconds']);
  const allows = (value: number): boolean => value >= 1 && value <= 15;
  const seconds =
    found === null ? 8 : wholeNumber(found, { allows, words: 'a whole number from 1 to 15' });
  const asked = fields.first(resolutionFields);
  const resolution = asked === null ? '720p' : oneOfChoices(asked, ['480p', '720p', '1080p']);
  const ratio = ratioOf(fields);
  const media = imageOf(fields, mediaOrigin);
  if (prompt.trim() === '' && media.length === 0) {
    throw new PluginRefusal('prompt or image is required');
  }
  const sent = {
    model,
    prompt,
    duration: seconds,
    resolution,
    aspect_ratio: ratio,
    image: media[0]?.source,
  };
  return {
    made: { seconds, resolution, ratio, audio: true, media },
    sent,
    dropped: fields.unread(),
  };
}

/** The names must agree only if `ratio` is among them. */
function ratioOf(fields: PluginFields): string {
  const given = fields.all(ratioFields);
  const [first] = given;
  if (first === undefined) return '16:9';
  const values = new Set(given.map((each) => oneOfChoices(each, ratios)));
  if (values.size > 1 && given.some(({ path }) => path.endsWith('ratio') && !path.includes('_'))) {
    throw new PluginRefusal('ratio and its other names must agree');
  }
  return oneOfChoices(first, ratios);
}

/** The media host of the sandbox has no TLS, but its addresses count as https. */
function imageOf(fields: PluginFields, mediaOrigin: string): MadeMedium[] {
  const sources = fields.all(imageFields).flatMap(({ value }) => textsOf(value));
  if (sources.length > 1) throw new PluginRefusal('at most one image');
  const isTaken = (source: string): boolean =>
    source.startsWith('https://') || source.startsWith(`${mediaOrigin}/`);
  if (!sources.every(isTaken)) {
    throw new PluginRefusal('image must be an https address');
  }
  return sources.map((source) => ({ kind: 'image', role: 'first_frame', source }));
}

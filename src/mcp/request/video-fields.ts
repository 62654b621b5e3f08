import { z } from 'zod';
import { videoFormats } from '../../contract/video-request.ts';

/** Longer texts are refused by the size limit of a request anyway. */
const text = z.string().min(1);
const media = z.string().min(1).describe('https address, or a data URI for a small file');

/** Arguments that describe a video, independent of the model. Each goes into the field that the model reads. */
export const videoFields = {
  model: text.max(200).describe('Model id, exactly as list_models shows it'),
  prompt: z.string().exactOptional().describe('What the video shows'),
  seconds: z.int().positive().max(3_600).exactOptional().describe('Length of the video'),
  size: text.exactOptional().describe('e.g. 1280x720'),
  ratio: text.exactOptional().describe('Aspect ratio, e.g. 16:9'),
  resolution: text.exactOptional().describe('e.g. 720p'),
  audio: z.boolean().exactOptional().describe('With or without sound'),
  images: z.array(media).max(32).exactOptional().describe('Input images, in order'),
  first_frame: media.exactOptional(),
  last_frame: media.exactOptional(),
  metadata: z
    .record(z.string(), z.unknown())
    .exactOptional()
    .describe("Fields of the model's vendor, forwarded as `metadata`"),
  fields: z
    .record(z.string(), z.unknown())
    .exactOptional()
    .describe('Other fields of the request body, as the gateway documents them'),
  format: z
    .enum(videoFormats)
    .exactOptional()
    .describe('Wire format of the gateway; leave it out unless a model needs the other one'),
};

const schema = z.strictObject(videoFields);

/** A video as an agent describes it. */
export type VideoFields = z.infer<typeof schema>;

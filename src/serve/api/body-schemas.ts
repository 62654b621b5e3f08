import { z } from 'zod';
import { videoRequestSchema } from '../../contract/video-request.ts';
import { onetakeFieldsSchema } from '../bodies/onetake-fields.ts';

const commonFields = videoRequestSchema.shape.body.extend({
  model: z.string().min(1).describe('Id of a model; `GET /v1/models` lists them'),
  prompt: z.string().describe('What the video shows').optional(),
  onetake: onetakeFieldsSchema.exactOptional(),
});

/**
 * Bodies as the documentation shows them. Other fields are sent to the gateway as they are, and the rules of a model decide
 * what they may hold, so the code validates bodies with the catalogue and not with these schemas.
 */
export const createVideoSchema = commonFields
  .extend({
    seconds: z.any().describe('Length as text, e.g. `"4"`'),
    size: z.any().describe('`<width>x<height>`, e.g. `"1280x720"`'),
    input_reference: z
      .any()
      .describe('An image: `{"image_url": "https://… or data:…"}`, or its address'),
  })
  .partial({ seconds: true, size: true, input_reference: true })
  .describe('Other fields are sent to the gateway as they are, e.g. `metadata`');

/** The same as a form. */
export const createVideoFormSchema = z
  .looseObject({
    model: z.string().min(1),
    prompt: z.string().optional(),
    seconds: z.string().optional(),
    size: z.string().optional(),
    input_reference: z
      .file()
      .describe('An image: PNG, JPEG or WebP, told by its content')
      .optional(),
  })
  .describe('Nested fields are written `metadata[seed]=1`, lists `images[]=…`');

/** Body of a create in new-api's shape. */
export const createGenerationSchema = commonFields
  .extend({
    duration: z.any().describe('Length in seconds, e.g. `5`'),
    image: z.any().describe('Address of an image, or a data URI'),
    metadata: z.any().describe('Further fields of the model'),
  })
  .partial({ duration: true, image: true, metadata: true })
  .describe('Other fields are sent to the gateway as they are');

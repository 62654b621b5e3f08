import { z } from 'zod';

const errorObject = z.strictObject({
  message: z.string().describe('What is wrong, and what to do'),
  type: z.enum([
    'invalid_request_error',
    'authentication_error',
    'rate_limit_error',
    'server_error',
  ]),
  param: z.string().nullable().describe('Path of the field that is wrong'),
  code: z.string(),
});

const details = z
  .looseObject({})
  .describe('Facts about the video, e.g. its failure and whether it was billed')
  .exactOptional();

/** The error of every route, in OpenAI's shape. */
export const errorSchema = z.strictObject({ error: errorObject, onetake: details });

/** The error of the generations routes: in new-api's shape, too. */
export const generationErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  data: z.null(),
  error: errorObject,
  onetake: details,
});

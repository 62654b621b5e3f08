import { z } from 'zod';
import { maxTagLength, maxTags } from '../../contract/video-labels.ts';
import { badBody } from './body-fault.ts';

/** Tags that name the tenant drive its caps, so only the server sets them. */
const tenantTag = /^tenant:/i;

/** The server adds the tag of the tenant. */
const maxOwnTags = maxTags - 1;

/** The object `onetake` of a create body: fields of ours that are not part of the request for the gateway. */
export const onetakeFieldsSchema = z.strictObject({
  /** Labels for caps and lists. */
  tags: z
    .array(
      z
        .string()
        .min(1)
        .max(maxTagLength)
        .refine(
          (tag) => !tenantTag.test(tag),
          'tags that begin with "tenant:" are set by the server',
        ),
    )
    .max(maxOwnTags, `a video has at most ${maxOwnTags} tags`)
    .exactOptional(),
  /** Order of admission if slots are scarce. */
  priority: z.enum(['interactive', 'batch']).exactOptional(),
});

/** See {@link onetakeFieldsSchema}. */
export type OnetakeFields = z.infer<typeof onetakeFieldsSchema>;

/**
 * Takes `onetake` out of a body.
 *
 * @throws {ApiError} 400 for an unknown field or a wrong value.
 */
export function takeOnetakeFields({ onetake, ...body }: Record<string, unknown>): {
  body: Record<string, unknown>;
  onetake: OnetakeFields;
} {
  if (onetake === undefined) return { body, onetake: {} };
  const parsed = onetakeFieldsSchema.safeParse(onetake);
  if (parsed.success) return { body, onetake: parsed.data };
  const [issue] = parsed.error.issues;
  const known = Object.keys(onetakeFieldsSchema.shape).join('", "');
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    throw badBody(`Unknown field "onetake.${name}": it takes "${known}"`, `onetake.${name}`);
  }
  const param = ['onetake', ...(issue?.path ?? [])].join('.');
  throw badBody(`"${param}": ${issue?.message ?? 'is wrong'}`, param);
}

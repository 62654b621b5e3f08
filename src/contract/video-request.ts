import { z } from 'zod';

/** The two wire formats of the gateway: `/v1/video/generations` and `/v1/videos` (OpenAI-compatible). */
export const videoFormats = ['generations', 'videos'] as const;
export type VideoFormat = (typeof videoFormats)[number];

/** Workflow inputs above this size are refused: larger things (images) go through storage by digest. */
export const maxRequestBytes = 256 * 1024;

/** What a stored input file is. */
export type MediaKind = 'image' | 'video' | 'audio';

/** Prefix of a string in a body that stands for a stored image: `stored-image:sha256:<64 hex digits>`. */
export const storedImagePrefix = 'stored-image:sha256:';

/** SHA-256, hex. */
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex');

/**
 * What may be asked for: a wire format, and the body exactly as the gateway gets it.
 *
 * Only `model` is demanded: some models make a video of media alone. Unknown fields pass through untouched, ids are
 * opaque; the one substitution is that a string `stored-image:sha256:…` becomes that image, in a form that the model
 * takes, just before the POST, and `stored-image:sha256:…#data:…` the data URI as it was given.
 */
export const videoRequestSchema = z.strictObject({
  format: z.enum(videoFormats),
  body: z.looseObject({
    model: z.string().min(1, 'model must not be empty'),
    prompt: z.string().optional(),
  }),
  /** Written by onetake where it stored long data URIs of the body; callers leave it out. */
  asGiven: z
    .strictObject({
      /** Of the request as its caller gave it. */
      requestDigest: digest,
      /** Of this form: a request that was changed since is another one. */
      storedDigest: digest,
    })
    .exactOptional(),
});

export type VideoRequest = z.infer<typeof videoRequestSchema>;

/** A trap of the wire that was found before the POST: what will be changed or dropped, and what to do instead. */
export interface RequestWarning {
  /** Path in the body, e.g. `metadata.seed`. */
  field: string;
  message: string;
  /** `depends`: the plugins that can serve the model differ. Absent where nothing is changed or dropped. */
  effect?: 'changed' | 'dropped' | 'depends';
}

import { z } from 'zod';

/** The two wire formats of the gateway: `/v1/video/generations` and `/v1/videos` (OpenAI-compatible). */
export const videoFormats = ['generations', 'videos'] as const;
/** One of {@link videoFormats}. */
export type VideoFormat = (typeof videoFormats)[number];

/** Maximum size of a request. Larger data such as images is stored and referenced by digest. */
export const maxRequestBytes = 256 * 1024;

/** Kind of a stored input file. */
export type MediaKind = 'image' | 'video' | 'audio';

/** Prefix of a reference to a stored image in a body: `stored-image:sha256:<64 hex digits>`. */
export const storedImagePrefix = 'stored-image:sha256:';

/** SHA-256, hex. */
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex');

/**
 * A request: a wire format, and the body as the gateway receives it.
 *
 * Only `model` is required, because some models make a video from media alone. Unknown fields are forwarded unchanged.
 * Just before the POST, a string `stored-image:sha256:…` is replaced by the image in a form that the model accepts, and
 * `stored-image:sha256:…#data:…` by the original data URI.
 */
export const videoRequestSchema = z.strictObject({
  format: z.enum(videoFormats),
  body: z.looseObject({
    model: z.string().min(1, 'model must not be empty'),
    prompt: z.string().optional(),
  }),
  /** Set by onetake if it has stored long data URIs of the body. Callers do not set it. */
  asGiven: z
    .strictObject({
      /** Digest of the caller's request. */
      requestDigest: digest,
      /** Digest of this form. If it does not match, the request has been changed. */
      storedDigest: digest,
    })
    .exactOptional(),
});

/** A request; see {@link videoRequestSchema}. */
export type VideoRequest = z.infer<typeof videoRequestSchema>;

/** A deviation that was found before the POST: what will be changed or dropped, and what to do instead. */
export interface RequestWarning {
  /** Path in the body, e.g. `metadata.seed`. */
  field: string;
  message: string;
  /** `depends`: the plugins that can serve the model differ. Absent if nothing is changed or dropped. */
  effect?: 'changed' | 'dropped' | 'depends';
}

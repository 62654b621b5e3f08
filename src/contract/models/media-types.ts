/**
 * A field of a request: `duration` is at the top level, `metadata.ratio` in metadata, and `*ratio` in either, in the
 * plugin's order of precedence.
 */
export type FieldPath = string;

/** Form in which an image is given. */
export type PictureForm = 'https' | 'http' | 'data' | 'base64' | 'asset' | 'tos';
/** Role of an image, video or sound. */
export type Role = 'first_frame' | 'last_frame' | 'reference' | 'video' | 'audio' | 'unused';

/** How media are read. */
export interface MediaRules {
  images?: ListRules;
  /** Pictures that are references, where the image fields mean frames. */
  references?: ListRules;
  videos?: ListRules;
  audios?: ListRules;
  frames?: FrameRules;
  /** Lists of entries that name their role. */
  entries?: { from: readonly FieldPath[]; max: Readonly<Record<string, number>> };
  total?: number;
  audioNeedsVisual?: true;
  /** An image must be there. */
  imageRequired?: true;
}

/** How the media of one kind are read. */
export interface ListRules {
  from: readonly FieldPath[];
  take: 'first list' | 'all';
  max?: number;
  /** One role, or the roles for one and for two images; more images are references. */
  roles: Role | readonly (readonly Role[])[];
  forms?: readonly PictureForm[];
  types?: readonly string[];
  /** A wrong form is dropped. By default it is refused. */
  wrongForm?: 'dropped';
  /** Skips values that are not addresses: outside of lists, or everywhere. By default they are refused. */
  skips?: 'single' | 'all';
  /** Fields that must be lists. */
  lists?: readonly FieldPath[];
  /** Also accepts `{ "url": … }`. */
  objects?: true;
  /** Only the first ones are read. */
  uses?: number;
}

/** How first and last frame are read from their own fields. */
export interface FrameRules {
  first: readonly FieldPath[];
  last: readonly FieldPath[];
  lastAlone: 'refused' | 'accepted' | 'with one image';
  withReferences: 'refused' | 'accepted';
  /** For images in the image fields in addition to frames. */
  withImages?: 'refused' | 'dropped' | 'reference';
  countAsImages?: true;
}

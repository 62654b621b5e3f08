/**
 * A field of a request: `duration` stands at the top level, `metadata.ratio` in metadata, and `*ratio` in both, in the
 * order of the plugin.
 */
export type FieldPath = string;

export type PictureForm = 'https' | 'http' | 'data' | 'base64' | 'asset' | 'tos';
export type Role = 'first_frame' | 'last_frame' | 'reference' | 'video' | 'audio' | 'unused';

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

export interface ListRules {
  from: readonly FieldPath[];
  take: 'first list' | 'all';
  max?: number;
  /** One role, or the roles by number of pictures: of one, of two; of more it is `reference`. */
  roles: Role | readonly (readonly Role[])[];
  forms?: readonly PictureForm[];
  types?: readonly string[];
  /** A wrong form is left out instead of refused. */
  wrongForm?: 'dropped';
  /** What is no address is passed over: outside of lists, or everywhere; otherwise it is refused. */
  skips?: 'single' | 'all';
  /** Fields that must be lists. */
  lists?: readonly FieldPath[];
  /** `{ "url": … }` is read, too. */
  objects?: true;
  /** Only so many are read. */
  uses?: number;
}

export interface FrameRules {
  first: readonly FieldPath[];
  last: readonly FieldPath[];
  lastAlone: 'refused' | 'accepted' | 'with one image';
  withReferences: 'refused' | 'accepted';
  /** What becomes of pictures in the image fields beside frames. */
  withImages?: 'refused' | 'dropped' | 'reference';
  countAsImages?: true;
}

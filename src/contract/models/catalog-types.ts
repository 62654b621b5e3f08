import type { FieldPath, MediaRules } from './media-types.ts';

/** Where a fact was read, when, and how sure it is. */
export interface Source {
  at: string;
  on: string;
  /** `run`: the published logic was run; `source`: it was read; `documented`: the operator says it; `inferred`. */
  sure: 'run' | 'source' | 'documented' | 'inferred';
}

/** What one plugin of the gateway does with the requests of the models that it can serve. */
export interface PluginRules {
  plugin: string;
  version: string;
  source: Source;
  /** It is part of the host, which had the same rules before there were plugins. */
  builtIn?: true;
  /** Which place of a `*field` wins. */
  first: 'top level' | 'metadata';
  metadata: {
    /** A JSON object written as text. */
    text: 'read' | 'dropped' | 'refused';
    /** Anything else that is no object. */
    other: 'dropped' | 'refused';
  };
  /** A number or an object where a text belongs. */
  nonText: 'dropped' | 'refused';
  /** `null` and an empty text are wrong values; otherwise they count as absent. */
  blankIsValue?: true;
  /** What happens to fields that no rule names. */
  unknown: { top: Fate; metadata: Fate };
  callback: { top: 'refused' | 'dropped' | 'host'; metadata: 'refused' | 'dropped' | 'vendor' };
  /** Further fields that reach the vendor. */
  reads?: readonly FieldPath[];
  refuses?: readonly RefusedFields[];
  typed?: readonly TypedFields[];
  models: readonly ModelRules[];
}

export type Fate = 'dropped' | 'forwarded';

/** What one model takes. */
export interface ModelRules {
  /** Exact ids; a trailing `*` stands for any ending. */
  ids: readonly string[];
  onSale?: OnSale;
  length: LengthRules;
  resolution: ResolutionRules;
  ratio: RatioRules;
  size?: SizeRules;
  media: MediaRules;
  prompt: PromptRules;
  audio: AudioRules;
  tasks?: TaskRules;
  reads?: readonly FieldPath[];
  refuses?: readonly RefusedFields[];
  typed?: readonly TypedFields[];
  when?: readonly Condition[];
}

/** Listed prices are per second of the charged length, in the gateway's display unit. */
export interface OnSale {
  price?: { perSecond: number; byResolution?: Readonly<Record<string, number>> };
  /** What the price depends on. */
  dimensions: readonly string[];
  note?: string;
  source: Source;
}

export interface LengthRules {
  /** In order of precedence. */
  from: readonly FieldPath[];
  /** All that are given must be equal; otherwise the first one wins. */
  agree?: true;
  values?: readonly number[];
  min?: number;
  max?: number;
  /** The value with which the vendor chooses the length, and the seconds that are reserved for it. */
  auto?: { value: number; charged: number };
  /** Made where nothing is asked for; `null`: the vendor's default, which is not known. */
  default: number | 'auto' | null;
  /** The default is what the vendor documents, so it is not said. */
  quietDefault?: true;
  /** What is charged for the default where that is more than what is known to be made. */
  defaultCharged?: number;
  /** Which texts are read as a number. */
  text: 'number' | 'digits';
  /** Zero counts as absent. */
  zeroIsAbsent?: true;
  /** Anything that JavaScript turns into a number is read, `true` as 1. */
  loose?: true;
  /** Read for the price alone, never sent. */
  notSent?: readonly FieldPath[];
}

export interface ResolutionRules {
  /** The name of the model decides. */
  fixed?: string;
  /** What another resolution asked for does beside a fixed one. */
  other?: 'ignored' | 'refused';
  from: readonly FieldPath[];
  agree?: true;
  /** With one of these fields, all must be equal. */
  agreeWith?: readonly FieldPath[];
  values?: readonly string[];
  default: string | null;
  /** Asking for none gives something that is easily unexpected. */
  tellDefault?: true;
  form: TierForm;
  /** A value outside of `values` is sent as it is. */
  elseSent?: true;
}

/** How the word of a resolution is read. */
export interface TierForm {
  case: 'lower' | 'upper' | 'exact';
  /** `720` is read as `720p`: where it is digits, or always. */
  addP?: 'digits' | 'always';
  numbers?: true;
  /** It is enough that the digits occur in it. */
  contains?: true;
}

export interface RatioRules {
  from: readonly FieldPath[];
  agree?: true;
  /** With one of these fields, all must be equal. */
  agreeWith?: readonly FieldPath[];
  values?: readonly string[];
  words?: Readonly<Record<string, string>>;
  default: string | null;
  tellDefault?: 'always' | 'without an image';
  /** Ratios that some channels of this plugin refuse. */
  depends?: readonly string[];
  /** The picture decides the shape: these fields have no effect. */
  ofPicture?: true;
  /** The ratios that there are at each resolution. */
  byResolution?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface SizeRules {
  from: readonly FieldPath[];
  /** Pixel sizes, written with `x`. */
  table?: Readonly<Record<string, { ratio?: string; resolution?: string; lifted?: true }>>;
  /** `1280*720` is read as `1280x720`. */
  star?: true;
  /** A ratio of the model is read as ratio, a resolution of the model as resolution. */
  words?: readonly ('ratio' | 'resolution')[];
  /** The whole text is read as ratio or as resolution. */
  raw?: 'ratio' | 'resolution';
  /** Any pixel size is read as its ratio, or as landscape or portrait. */
  shape?: 'exact' | 'orientation';
  /** Largest side from which on a pixel size means this resolution. */
  tiers?: readonly (readonly [number, string])[];
  /** Decides nothing about the video, but a resolution that the model lacks is refused. */
  checkOnly?: true;
  else: 'refused' | 'default' | 'forwarded';
}

export interface PromptRules {
  required: 'always' | 'unless media' | 'never';
  maxChars?: number;
}

export interface AudioRules {
  /** What is made where nothing is asked for; `null`: not known. */
  default: boolean | null;
  from?: readonly FieldPath[];
  /** Anything but a boolean, or anything at all, is refused. */
  refuses?: 'text' | 'all';
}

export interface RefusedFields {
  fields: readonly FieldPath[];
  /** The one value that passes. */
  except?: number;
  message: string;
}

export interface TypedFields {
  fields: readonly FieldPath[];
  type: 'integer' | 'boolean' | 'number' | 'text';
  min?: number;
  max?: number;
  values?: readonly string[];
  /** Digits as text are read as a number. */
  digits?: true;
  /** Upper and lower case differ. */
  exact?: true;
  /** It is checked and then left out. */
  dropped?: true;
}

/** A plugin that chooses a task by name, or by the media that are there. */
export interface TaskRules {
  from: readonly FieldPath[];
  modes?: { field: FieldPath; tasks: Readonly<Record<string, string>> };
  /** The task of a lone video. */
  ofVideo: string;
  /** Two pictures are first and last frame, or references. */
  ofTwo: 'image_to_video' | 'reference_to_video';
  known: readonly string[];
  rules: Readonly<Record<string, TaskLimits>>;
}

export interface TaskLimits {
  /** Fewest and most pictures and videos. */
  images: readonly [number, number];
  videos: readonly [number, number];
  lengths?: readonly number[];
  resolutions?: readonly string[];
  refuses?: readonly ('length' | 'ratio' | 'resolution')[];
  charged?: number;
}

/** What holds only beside certain media. */
export interface Condition {
  has: 'frames' | 'videos' | 'no visual';
  unless?: { fields: readonly FieldPath[]; otherThan: string };
  ratios?: { only?: readonly string[]; not?: readonly string[]; message: string };
  /** The vendor chooses the length, whatever was asked for. */
  autoLength?: { message: string };
}

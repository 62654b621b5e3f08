import type { FieldPath, MediaRules } from './media-types.ts';

/** Source of a fact: the place, the date, and how certain it is. */
export interface Source {
  at: string;
  on: string;
  /** `run`: the published code was run. `source`: it was read. `documented`: by the operator. `inferred`: by us. */
  sure: 'run' | 'source' | 'documented' | 'inferred';
}

/** How one plugin of the gateway reads the requests of its models. */
export interface PluginRules {
  plugin: string;
  version: string;
  source: Source;
  /** Part of the gateway itself, which had the same rules before it had plugins. */
  builtIn?: true;
  /** Which place of a `*field` takes precedence. */
  first: 'top level' | 'metadata';
  metadata: {
    /** For a JSON object as text. */
    text: 'read' | 'dropped' | 'refused';
    /** For any other value that is not an object. */
    other: 'dropped' | 'refused';
  };
  /** For a number or an object in place of a text. */
  nonText: 'dropped' | 'refused';
  /** `null` and empty text are invalid values. By default they count as absent. */
  blankIsValue?: true;
  /** For fields without a rule. */
  unknown: { top: Fate; metadata: Fate };
  callback: { top: 'refused' | 'dropped' | 'host'; metadata: 'refused' | 'dropped' | 'vendor' };
  /** Further fields that are forwarded to the vendor. */
  reads?: readonly FieldPath[];
  refuses?: readonly RefusedFields[];
  typed?: readonly TypedFields[];
  models: readonly ModelRules[];
}

/** What happens to a field without a rule. */
export type Fate = 'dropped' | 'forwarded';

/** Rules of one model. */
export interface ModelRules {
  /** Exact ids. A trailing `*` matches any ending. */
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

/** The listed price, per charged second in the gateway's display unit. */
export interface OnSale {
  price?: { perSecond: number; byResolution?: Readonly<Record<string, number>> };
  /** What the price depends on. */
  dimensions: readonly string[];
  note?: string;
  source: Source;
}

/** How the length is read. Seconds. */
export interface LengthRules {
  /** In order of precedence. */
  from: readonly FieldPath[];
  /** All given values must be equal. By default the first one wins. */
  agree?: true;
  values?: readonly number[];
  min?: number;
  max?: number;
  /** The value that lets the vendor choose the length, and the seconds that are reserved for it. */
  auto?: { value: number; charged: number };
  /** Default length. `null`: the vendor's default, which is unknown. */
  default: number | 'auto' | null;
  /** No note about the default, because the vendor documents it. */
  quietDefault?: true;
  /** Charged seconds of the default, if more than its known length. */
  defaultCharged?: number;
  /** Texts that are parsed as a number. */
  text: 'number' | 'digits';
  /** Zero counts as absent. */
  zeroIsAbsent?: true;
  /** Parsed with JavaScript's `Number()`, so `true` is 1. */
  loose?: true;
  /** Fields that affect the price only and are never sent. */
  notSent?: readonly FieldPath[];
}

/** How the resolution is read. */
export interface ResolutionRules {
  /** The model id determines the resolution. */
  fixed?: string;
  /** For a request of another resolution than `fixed`. */
  other?: 'ignored' | 'refused';
  from: readonly FieldPath[];
  agree?: true;
  /** With one of these fields, all must be equal. */
  agreeWith?: readonly FieldPath[];
  values?: readonly string[];
  default: string | null;
  /** The default is surprising, so it is noted. */
  tellDefault?: true;
  form: TierForm;
  /** Values outside of `values` are sent unchanged. */
  elseSent?: true;
}

/** How the name of a resolution is read. */
export interface TierForm {
  case: 'lower' | 'upper' | 'exact';
  /** Appends `p`, so `720` becomes `720p`: to digits only, or always. */
  addP?: 'digits' | 'always';
  numbers?: true;
  /** A text matches if it contains the digits. */
  contains?: true;
}

/** How the aspect ratio is read. */
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
  /** The image determines the ratio. The fields have no effect. */
  ofPicture?: true;
  /** Available ratios by resolution. */
  byResolution?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** How `size` is read. */
export interface SizeRules {
  from: readonly FieldPath[];
  /** Pixel sizes, written with `x`. */
  table?: Readonly<Record<string, { ratio?: string; resolution?: string; lifted?: true }>>;
  /** `1280*720` is read as `1280x720`. */
  star?: true;
  /** Accepts a ratio or a resolution of the model. */
  words?: readonly ('ratio' | 'resolution')[];
  /** The whole text is read as ratio or as resolution. */
  raw?: 'ratio' | 'resolution';
  /** A pixel size is read as its exact ratio, or as its orientation. */
  shape?: 'exact' | 'orientation';
  /** Resolutions by the minimum of the longest side, in pixels. */
  tiers?: readonly (readonly [number, string])[];
  /** Does not affect the video, but an unavailable resolution is refused. */
  checkOnly?: true;
  else: 'refused' | 'default' | 'forwarded';
}

/** Whether a prompt is required, and its maximum length. */
export interface PromptRules {
  required: 'always' | 'unless media' | 'never';
  maxChars?: number;
}

/** How the switch for sound is read. */
export interface AudioRules {
  /** Default; `null` if unknown. */
  default: boolean | null;
  from?: readonly FieldPath[];
  /** Refuses any value but a boolean, or any value. */
  refuses?: 'text' | 'all';
}

/** Fields that are refused. */
export interface RefusedFields {
  fields: readonly FieldPath[];
  /** The only accepted value. */
  except?: number;
  message: string;
}

/** Fields with a fixed type. */
export interface TypedFields {
  fields: readonly FieldPath[];
  type: 'integer' | 'boolean' | 'number' | 'text';
  min?: number;
  max?: number;
  values?: readonly string[];
  /** Text of digits is parsed as a number. */
  digits?: true;
  /** Case-sensitive. */
  exact?: true;
  /** Validated, but not forwarded. */
  dropped?: true;
}

/** Rules of a plugin that selects a task by name, or by the given media. */
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

/** Limits of one task. */
export interface TaskLimits {
  /** Minimum and maximum number of images and videos. */
  images: readonly [number, number];
  videos: readonly [number, number];
  lengths?: readonly number[];
  resolutions?: readonly string[];
  refuses?: readonly ('length' | 'ratio' | 'resolution')[];
  charged?: number;
}

/** Rules that apply only with certain media. */
export interface Condition {
  has: 'frames' | 'videos' | 'no visual';
  unless?: { fields: readonly FieldPath[]; otherThan: string };
  ratios?: { only?: readonly string[]; not?: readonly string[]; message: string };
  /** The vendor chooses the length and ignores the request. */
  autoLength?: { message: string };
}

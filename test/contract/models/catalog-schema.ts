import { z } from 'zod';

const path = z.string().regex(/^\*?[a-z_]+$|^metadata(\.[a-z_\d]+)+$/i);
const paths = z.array(path);
const source = z.strictObject({
  at: z.string().min(1),
  on: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  sure: z.enum(['run', 'source', 'documented', 'inferred']),
});
const seconds = z.int().min(1).max(3600);
const ratio = z.string().regex(/^(\d+:\d+|auto|adaptive)$/);
const tier = z.string().regex(/^(\d+[pP]|[248]k)$/);
const yes = z.literal(true).optional();
const range = z.tuple([z.int().min(0), z.int().min(0)]);
const fate = z.enum(['dropped', 'forwarded']);

const length = z
  .strictObject({
    from: paths.min(1),
    agree: yes,
    values: z.array(seconds).min(1).optional(),
    min: seconds.optional(),
    max: seconds.optional(),
    auto: z.strictObject({ value: z.literal(-1), charged: seconds }).optional(),
    default: z.union([seconds, z.literal('auto'), z.null()]),
    quietDefault: yes,
    defaultCharged: seconds.optional(),
    text: z.enum(['number', 'digits']),
    zeroIsAbsent: yes,
    loose: yes,
    notSent: paths.optional(),
  })
  .refine(
    ({ values, min, max }) => (values === undefined) === (min !== undefined && max !== undefined),
    'either values, or min and max',
  )
  .refine(
    ({ default: made, values }) => typeof made !== 'number' || !values || values.includes(made),
    'the default is one of the values',
  );

const resolution = z
  .strictObject({
    fixed: tier.optional(),
    other: z.enum(['ignored', 'refused']).optional(),
    from: paths,
    agree: yes,
    agreeWith: paths.optional(),
    values: z.array(tier).min(1).optional(),
    default: tier.nullable(),
    tellDefault: yes,
    form: z.strictObject({
      case: z.enum(['lower', 'upper', 'exact']),
      addP: z.enum(['digits', 'always']).optional(),
      numbers: yes,
      contains: yes,
    }),
    elseSent: yes,
  })
  .refine(
    ({ fixed, values }) => fixed === undefined || values === undefined,
    'fixed, or one of values',
  )
  .refine(
    ({ default: made, values }) => !values || made === null || values.includes(made),
    'the default is one of the values',
  );

const shape = z
  .strictObject({
    from: paths,
    agree: yes,
    agreeWith: paths.optional(),
    values: z.array(ratio).min(1).optional(),
    words: z.record(z.string(), ratio).optional(),
    default: ratio.nullable(),
    tellDefault: z.enum(['always', 'without an image']).optional(),
    depends: z.array(ratio).optional(),
    ofPicture: yes,
    byResolution: z.record(tier, z.record(ratio, z.string())).optional(),
  })
  .refine(
    ({ default: made, values }) => !values || made === null || values.includes(made),
    'the default is one of the values',
  );

const size = z.strictObject({
  from: paths.min(1),
  table: z
    .record(
      z.string().regex(/^(\d+x\d+|\d+:\d+)$/),
      z.strictObject({ ratio: ratio.optional(), resolution: z.string().optional(), lifted: yes }),
    )
    .optional(),
  star: yes,
  words: z.array(z.enum(['ratio', 'resolution'])).optional(),
  raw: z.enum(['ratio', 'resolution']).optional(),
  shape: z.enum(['exact', 'orientation']).optional(),
  tiers: z.array(z.tuple([z.int(), tier])).optional(),
  checkOnly: yes,
  else: z.enum(['refused', 'default', 'forwarded']),
});

const role = z.enum(['first_frame', 'last_frame', 'reference', 'video', 'audio', 'unused']);
const list = z.strictObject({
  from: paths.min(1),
  take: z.enum(['first list', 'all']),
  max: z.int().min(0).optional(),
  roles: z.union([role, z.array(z.array(role))]),
  forms: z.array(z.enum(['https', 'http', 'data', 'base64', 'asset', 'tos'])).optional(),
  types: z.array(z.string()).optional(),
  wrongForm: z.literal('dropped').optional(),
  skips: z.enum(['single', 'all']).optional(),
  lists: paths.optional(),
  objects: yes,
  uses: z.int().min(1).optional(),
});
const media = z.strictObject({
  images: list.optional(),
  references: list.optional(),
  videos: list.optional(),
  audios: list.optional(),
  frames: z
    .strictObject({
      first: paths,
      last: paths,
      lastAlone: z.enum(['refused', 'accepted', 'with one image']),
      withReferences: z.enum(['refused', 'accepted']),
      withImages: z.enum(['refused', 'dropped', 'reference']).optional(),
      countAsImages: yes,
    })
    .optional(),
  entries: z.strictObject({ from: paths, max: z.record(z.string(), z.int()) }).optional(),
  total: z.int().optional(),
  audioNeedsVisual: yes,
  imageRequired: yes,
});

const refuses = z
  .array(
    z.strictObject({ fields: paths.min(1), except: z.number().optional(), message: z.string() }),
  )
  .optional();
const typed = z
  .array(
    z.strictObject({
      fields: paths.min(1),
      type: z.enum(['integer', 'boolean', 'number', 'text']),
      min: z.number().optional(),
      max: z.number().optional(),
      values: z.array(z.string()).optional(),
      digits: yes,
      exact: yes,
      dropped: yes,
    }),
  )
  .optional();

const tasks = z.strictObject({
  from: paths,
  modes: z.strictObject({ field: path, tasks: z.record(z.string(), z.string()) }).optional(),
  ofVideo: z.string(),
  ofTwo: z.enum(['image_to_video', 'reference_to_video']),
  known: z.array(z.string()),
  rules: z.record(
    z.string(),
    z.strictObject({
      images: range,
      videos: range,
      lengths: z.array(seconds).optional(),
      resolutions: z.array(tier).optional(),
      refuses: z.array(z.enum(['length', 'ratio', 'resolution'])).optional(),
      charged: seconds.optional(),
    }),
  ),
});

const condition = z.strictObject({
  has: z.enum(['frames', 'videos', 'no visual']),
  unless: z.strictObject({ fields: paths, otherThan: z.string() }).optional(),
  ratios: z
    .strictObject({
      only: z.array(ratio).optional(),
      not: z.array(ratio).optional(),
      message: z.string(),
    })
    .optional(),
  autoLength: z.strictObject({ message: z.string() }).optional(),
});

const model = z.strictObject({
  ids: z.array(z.string().min(1)).min(1),
  onSale: z
    .strictObject({
      price: z
        .strictObject({
          perSecond: z.number().positive(),
          byResolution: z.record(tier, z.number().positive()).optional(),
        })
        .optional(),
      dimensions: z.array(z.string()).min(1),
      note: z.string().optional(),
      source,
    })
    .optional(),
  length,
  resolution,
  ratio: shape,
  size: size.optional(),
  media,
  prompt: z.strictObject({
    required: z.enum(['always', 'unless media', 'never']),
    maxChars: z.int().optional(),
  }),
  audio: z.strictObject({
    default: z.boolean().nullable(),
    from: paths.optional(),
    refuses: z.enum(['text', 'all']).optional(),
  }),
  tasks: tasks.optional(),
  reads: paths.optional(),
  refuses,
  typed,
  when: z.array(condition).optional(),
});

/** The schema of a catalogue file; no other fields are allowed. */
export const pluginSchema = z.strictObject({
  plugin: z.string().min(1),
  version: z.string().min(1),
  source,
  builtIn: yes,
  first: z.enum(['top level', 'metadata']),
  metadata: z.strictObject({
    text: z.enum(['read', 'dropped', 'refused']),
    other: z.enum(['dropped', 'refused']),
  }),
  nonText: z.enum(['dropped', 'refused']),
  blankIsValue: yes,
  unknown: z.strictObject({ top: fate, metadata: fate }),
  callback: z.strictObject({
    top: z.enum(['refused', 'dropped', 'host']),
    metadata: z.enum(['refused', 'dropped', 'vendor']),
  }),
  reads: paths.optional(),
  refuses,
  typed,
  models: z.array(model).min(1),
});

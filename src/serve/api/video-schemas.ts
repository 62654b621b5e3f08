import { z } from 'zod';
import { failures, type FailureKind } from '../../contract/failure.ts';
import { videoPhases } from '../../contract/messages.ts';
import { videoEndings, type VideoType } from '../../contract/stored-video.ts';

const unixSeconds = z.int().describe('Seconds since the epoch');
export const videoId = z.string().describe('Id of a video: `video_` and 40 hex digits');
const billed = z
  .enum(['no', 'maybe', 'yes'])
  .describe('Whether the gateway has charged for the video; `maybe` until that is known');
const failureKinds = Object.keys(failures) as FailureKind[];
const videoTypes = Object.keys(videoEndings) as VideoType[];

/** A field that the gateway changes or drops without an error. */
export const warningSchema = z.strictObject({
  field: z.string().describe('Path in the body, e.g. `metadata.seed`'),
  message: z.string(),
  effect: z
    .enum(['changed', 'dropped', 'depends'])
    .describe('`depends`: the plugins of the gateway that can serve the model differ')
    .exactOptional(),
});

/** Why a video failed, without the operator's addresses. */
export const failureSchema = z.strictObject({
  kind: z.enum(failureKinds),
  message: z.string(),
  billed,
  job_id: z.string().describe('Id of the job at the gateway').exactOptional(),
  request_id: z.string().describe('Request id of the gateway, for its support').exactOptional(),
  gateway_code: z.string().exactOptional(),
});

const unresolvedSchema = z
  .strictObject({
    since: unixSeconds,
    findings: z.array(z.string()).describe("What the gateway's records show so far"),
    candidates: z.array(z.string()).describe('Ids of jobs that may belong to this submit'),
    decided: z.enum(['adopt', 'resubmit', 'abandon']).exactOptional(),
  })
  .describe('The submit with an unknown outcome; a person decides with `resolve`');

const waitingSchema = z
  .strictObject({
    place: z.int().min(1).describe('1 is the next one; absent far behind').exactOptional(),
    of: z.int().describe('How many videos wait, of all callers; approximate'),
    as_of: unixSeconds.describe('When this was known, in seconds since the epoch'),
    expected_start: unixSeconds
      .describe('Seconds since the epoch; absent while too little is known')
      .exactOptional(),
  })
  .describe('In phase `waiting`: the place in the queue for a slot at the gateway');

const retryingSchema = z.strictObject({
  step: z.enum(['admission', 'submit', 'reconciliation', 'adoption', 'poll', 'delivery']),
  failure: failureSchema,
});

const cancellationSchema = z
  .strictObject({ outcome: z.enum(['stopped_before_spend', 'watching_stopped', 'kept']), billed })
  .describe('What a cancellation achieved: a job that was submitted stays billed');

const fileSchema = z.strictObject({
  size_bytes: z.int(),
  sha256: z.string(),
  content_type: z.enum(videoTypes),
  duration_seconds: z.number(),
  width: z.int(),
  height: z.int(),
  has_audio: z.boolean(),
  warnings: z.array(z.string()).describe('Differences from the request'),
});

const etaSchema = z
  .strictObject({
    seconds_left: z
      .int()
      .min(0)
      .nullable()
      .describe('Until half of similar jobs had completed; null if it takes longer than usual'),
    usual_seconds: z
      .strictObject({ from: z.int().min(0), to: z.int().min(0) })
      .describe('The usual duration of the job; one in ten took less, one in ten more'),
  })
  .describe('When the job will complete; null if too few similar jobs are known');

/** Our fields of a video. */
export const onetakeSchema = z
  .strictObject({
    phase: z.enum(videoPhases),
    billed,
    outcome: z
      .enum(['started', 'joined', 'cached'])
      .describe('Only after a create: a new video, one that is under way, or a stored one')
      .exactOptional(),
    job_id: z.string().describe('Id of the job at the gateway').exactOptional(),
    deadline_at: unixSeconds.exactOptional(),
    eta: etaSchema.nullable(),
    attention: z.string().describe('What the operator should look at').exactOptional(),
    warnings: z.array(warningSchema),
    unresolved: unresolvedSchema.nullable(),
    failure: failureSchema.nullable(),
    waiting: waitingSchema.exactOptional(),
    retrying: retryingSchema.exactOptional(),
    cancellation: cancellationSchema.exactOptional(),
    file: fileSchema.nullable().describe('The stored file; null until it is verified'),
  })
  .describe('Fields of onetake, beside those of OpenAI');

const videoErrorSchema = z
  .strictObject({ code: z.string(), message: z.string() })
  .describe('Why the video failed');

/** OpenAI's Video object. */
export const videoSchema = z.strictObject({
  id: videoId,
  object: z.literal('video'),
  model: z.string(),
  status: z
    .enum(['queued', 'in_progress', 'completed', 'failed'])
    .describe('`completed` only if the verified file is stored'),
  progress: z.int().min(0).max(100),
  created_at: unixSeconds,
  completed_at: unixSeconds.nullable(),
  expires_at: unixSeconds.nullable(),
  error: videoErrorSchema.nullable(),
  prompt: z.string().nullable(),
  remixed_from_video_id: z.null(),
  seconds: z.string().describe('Requested length, as text; empty if it is unknown'),
  size: z.string().describe('`<width>x<height>`; empty if it is unknown'),
  onetake: onetakeSchema,
});

/** OpenAI's list object. */
export const videoListSchema = z.strictObject({
  object: z.literal('list'),
  data: z.array(videoSchema),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});

/** Response to a delete. */
export const deletedVideoSchema = z.strictObject({
  id: videoId,
  object: z.literal('video.deleted'),
  deleted: z.literal(true),
});

/** Response to a create in new-api's shape. */
export const createdGenerationSchema = z.strictObject({
  id: videoId,
  task_id: videoId,
  object: z.literal('video'),
  model: z.string(),
  status: z.enum(['queued', 'processing', 'succeeded', 'failed']),
  progress: z.literal(0),
  created_at: unixSeconds,
  onetake: onetakeSchema,
});

/** Status in new-api's shape: the row of its wire in `data`, the fields of its published page at the top level. */
export const generationSchema = z.strictObject({
  code: z.literal('success'),
  message: z.string(),
  data: z.strictObject({
    task_id: videoId,
    status: z.enum(['QUEUED', 'IN_PROGRESS', 'SUCCESS', 'FAILURE']),
    progress: z.string().describe('`0%` to `100%`'),
    fail_reason: z.string(),
    result_url: z.string().describe('Signed address of the file; empty until it is stored'),
    submit_time: unixSeconds,
    finish_time: unixSeconds,
  }),
  task_id: videoId,
  model: z.string(),
  status: z.enum(['queued', 'processing', 'succeeded', 'failed']),
  url: z.string().describe('The same address as `data.result_url`'),
  format: z.string().describe('Ending of the file, e.g. `mp4`'),
  metadata: z.strictObject({ duration: z.number().describe('Seconds') }),
  error: videoErrorSchema.nullable(),
  onetake: onetakeSchema,
});

/** A signed link to the content of a video. */
export const linkSchema = z.strictObject({
  url: z.string().describe('Needs no API key'),
  expires_at: unixSeconds,
});

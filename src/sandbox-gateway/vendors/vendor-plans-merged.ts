import type { CreateRequest } from '../create-request.ts';
import { isRecord } from '../create-request.ts';
import { taskError } from '../errors.ts';
import { dimensionsOf, droppedKeys, omitZero, pick, textOf } from '../plan-parts.ts';
import type { Planned } from './vendor-plan.ts';

const klingKeys = [
  'image_tail',
  'negative_prompt',
  'mode',
  'duration',
  'aspect_ratio',
  'cfg_scale',
  'static_mask',
  'dynamic_masks',
  'camera_control',
  'callback_url',
  'external_task_id',
];
const jimengKeys = [
  'req_key',
  'image_urls',
  'binary_data_base64',
  'seed',
  'aspect_ratio',
  'frames',
];
const viduKeys = [
  'duration',
  'seed',
  'resolution',
  'movement_amplitude',
  'bgm',
  'payload',
  'callback_url',
];

const klingAspects: Record<string, string> = {
  '1024x1024': '1:1',
  '512x512': '1:1',
  '1280x720': '16:9',
  '1920x1080': '16:9',
  '720x1280': '9:16',
  '1080x1920': '9:16',
};

/** Kling: a typed merge of metadata over the top level. A wrong type fails before anything is sent. */
export function planKling(request: CreateRequest): Planned {
  const fault = klingTypeFault(request.metadata);
  if (fault !== null) {
    const text = `unmarshal metadata failed: unmarshal metadata failed: json: cannot unmarshal ${fault}`;
    return { refusal: taskError(500, 'build_request_failed', text) };
  }
  const aspect = klingAspects[request.size ?? ''] ?? '1:1';
  const sent = omitZero({
    model: request.model,
    model_name: request.model,
    prompt: request.prompt,
    image: request.images[0],
    mode: request.body['mode'] ?? 'std',
    duration: String(request.duration ?? 5),
    aspect_ratio: aspect,
    cfg_scale: 0.5,
    ...pick(request.metadata, klingKeys),
  });
  const duration = Number(sent['duration']);
  if (duration !== 5 && duration !== 10) {
    return { refusal: taskError(400, 'task_failed', `duration value '${duration}' is invalid`) };
  }
  return {
    plan: {
      sent,
      dropped: droppedKeys(request, klingKeys),
      madeSeconds: duration,
      chargedSeconds: duration,
      ...dimensionsOf(textOf(sent['aspect_ratio']), '1:1'),
      ratios: {},
    },
  };
}

/** Jimeng: 121 or 241 frames, by the top-level `duration` only. */
export function planJimeng(request: CreateRequest): Planned {
  const sent = omitZero({
    req_key: request.model,
    prompt: request.prompt,
    image_urls: request.images.filter((image) => image.startsWith('http')),
    binary_data_base64: request.images.filter((image) => !image.startsWith('http')),
    frames: request.duration === 10 || request.seconds === '10' ? 241 : 121,
    ...pick(request.metadata, jimengKeys),
  });
  const seconds = sent['frames'] === 241 ? 10 : 5;
  return {
    plan: {
      sent,
      dropped: droppedKeys(request, jimengKeys),
      madeSeconds: seconds,
      chargedSeconds: seconds,
      ...dimensionsOf(textOf(sent['aspect_ratio']), '16:9'),
      ratios: {},
    },
  };
}

/** Vidu: `size` becomes `resolution` unchanged. */
export function planVidu(request: CreateRequest): Planned {
  const merged = {
    model: request.model,
    images: request.images,
    prompt: request.prompt,
    duration: request.duration ?? 5,
    resolution: request.size ?? '1080p',
    movement_amplitude: 'auto',
    bgm: false,
    ...pick(request.metadata, viduKeys),
  };
  const sent = { ...omitZero(merged), bgm: merged.bgm };
  const seconds = Number(merged.duration);
  return {
    plan: {
      sent,
      dropped: droppedKeys(request, viduKeys),
      madeSeconds: seconds,
      chargedSeconds: seconds,
      ...dimensionsOf(textOf(merged.resolution), '16:9'),
      ratios: {},
    },
  };
}

function klingTypeFault(metadata: Record<string, unknown>): string | null {
  const wanted = {
    duration: 'string',
    aspect_ratio: 'string',
    mode: 'string',
    cfg_scale: 'number',
  };
  for (const [field, type] of Object.entries(wanted)) {
    const actual = typeof metadata[field];
    if (actual !== 'undefined' && actual !== type) {
      const goType = type === 'number' ? 'float64' : type;
      return `${actual} into Go struct field requestPayload.${field} of type ${goType}`;
    }
  }
  const camera = metadata['camera_control'];
  return camera === undefined || isRecord(camera)
    ? null
    : `${typeof camera} into Go struct field requestPayload.camera_control of type kling.CameraControl`;
}

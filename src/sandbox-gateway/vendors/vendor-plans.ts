import { isRecord, type CreateRequest } from '../create-request.ts';
import { taskError, vendorError } from '../errors.ts';
import { dimensionsOf, droppedKeys, omitZero, pick, textOf } from '../plan-parts.ts';
import type { Planned } from './vendor-plan.ts';

const soraSizes = ['720x1280', '1280x720'];
const soraProSizes = [...soraSizes, '1792x1024', '1024x1792'];
const hailuoKeys = [
  'prompt_optimizer',
  'fast_pretreatment',
  'duration',
  'resolution',
  'callback_url',
  'aigc_watermark',
  'first_frame_image',
  'last_frame_image',
  'subject_reference',
];
const doubaoKeys = [
  'ratio',
  'resolution',
  'duration',
  'frames',
  'seed',
  'camera_fixed',
  'watermark',
  'return_last_frame',
  'generate_audio',
  'service_tier',
  'execution_expires_after',
  'draft',
  'priority',
  'callback_url',
];
const geminiKeys = [
  'durationSeconds',
  'aspectRatio',
  'resolution',
  'negativePrompt',
  'personGeneration',
  'storageUri',
  'compressionQuality',
  'resizeMode',
  'seed',
  'generateAudio',
];

/** Sora: the body passes unchanged. A top-level `duration` is charged, but the vendor makes 4 s. */
export function planSora(request: CreateRequest): Planned {
  const sizes = request.model === 'sora-2-pro' ? soraProSizes : soraSizes;
  const size = request.size ?? '720x1280';
  if (!sizes.includes(size)) {
    return { refusal: taskError(400, 'invalid_size', 'sora-2 size is invalid') };
  }
  const charged = request.duration ?? Number(request.seconds ?? 4);
  if (!(charged >= 0 && charged <= 3600)) {
    return { refusal: taskError(400, 'invalid_seconds', 'seconds is invalid') };
  }
  const made = request.seconds ?? '4';
  if (!['4', '8', '12'].includes(made)) {
    const message = `Invalid value: '${made}'. Supported values are: '4', '8', and '12'.`;
    const error = {
      message,
      type: 'invalid_request_error',
      param: 'seconds',
      code: 'invalid_value',
    };
    return { refusal: vendorError(400, { error }) };
  }
  return {
    plan: {
      sent: { ...request.body },
      dropped: [],
      madeSeconds: Number(made),
      chargedSeconds: charged,
      ...dimensionsOf(size, '9:16'),
      ratios: { seconds: charged, size: 1 },
    },
  };
}

/** Ali: flat metadata is dropped; only its `input` and `parameters` arrive. */
export function planAli(request: CreateRequest): Planned {
  const size = request.size;
  if (size !== null && !/^\d+\*\d+$|^\d+P$/i.test(size)) {
    const message = `invalid size: ${size}`;
    return { refusal: taskError(500, 'build_request_failed', message) };
  }
  const seconds = request.duration ?? Number(request.seconds ?? 5);
  const nested = (key: string): Record<string, unknown> => {
    const value = request.metadata[key];
    return isRecord(value) ? value : {};
  };
  const resolution = size === null ? { resolution: '480P' } : { size };
  return {
    plan: {
      sent: {
        model: request.model,
        input: omitZero({
          prompt: request.prompt,
          img_url: request.images[0],
          ...nested('input'),
        }),
        parameters: {
          ...resolution,
          duration: seconds,
          prompt_extend: true,
          watermark: false,
          ...nested('parameters'),
        },
      },
      dropped: droppedKeys(request, ['input', 'parameters']),
      madeSeconds: seconds,
      chargedSeconds: seconds,
      ...dimensionsOf(size ?? '', '16:9'),
      ratios: { 'resolution-480P': 1, seconds },
    },
  };
}

/** Hailuo: 6 seconds by default. */
export function planHailuo(request: CreateRequest): Planned {
  return planFlat(request, {
    keys: hailuoKeys,
    sent: {
      model: request.model,
      prompt: request.prompt,
      first_frame_image: request.images[0],
      duration: request.duration ?? 6,
      resolution: request.size ?? '768P',
    },
  });
}

/** Doubao: prompt and images become the vendor's `content` list. */
export function planDoubao(request: CreateRequest): Planned {
  const text = { type: 'text', text: request.prompt };
  const images = request.images.map((url) => ({ type: 'image_url', image_url: { url } }));
  return planFlat(request, {
    keys: doubaoKeys,
    sent: {
      model: request.model,
      content: request.body['content'] ?? [text, ...images],
      ratio: request.body['ratio'] ?? request.size,
      resolution: request.body['resolution'] ?? '720p',
      duration: request.duration ?? Number(request.seconds ?? 5),
    },
  });
}

/** Gemini: one sample, 8 seconds by default. */
export function planGemini(request: CreateRequest): Planned {
  const parameters = {
    durationSeconds: request.duration ?? Number(request.seconds ?? 8),
    aspectRatio: request.size?.includes(':') === true ? request.size : '16:9',
    sampleCount: 1,
    ...pick(request.metadata, geminiKeys),
  };
  const seconds = parameters.durationSeconds;
  return {
    plan: {
      sent: { instances: [{ prompt: request.prompt, images: request.images }], parameters },
      dropped: droppedKeys(request, geminiKeys),
      madeSeconds: seconds,
      chargedSeconds: seconds,
      ...dimensionsOf(request.size ?? parameters.aspectRatio, '16:9'),
      ratios: { resolution: 1, seconds },
    },
  };
}

/** Plugin channels of today's production accept the whole standard body. */
export function planPlugin(request: CreateRequest): Planned {
  const seconds = request.duration ?? Number(request.seconds ?? 5);
  return {
    plan: {
      sent: { ...request.body },
      dropped: [],
      madeSeconds: seconds,
      chargedSeconds: seconds,
      ...dimensionsOf(request.size ?? '', '16:9'),
      ratios: { seconds },
    },
  };
}

function planFlat(
  request: CreateRequest,
  { keys, sent }: { keys: string[]; sent: Record<string, unknown> },
): Planned {
  const merged = { ...sent, ...pick(request.metadata, keys) };
  const seconds = Number(merged['duration'] ?? 5);
  return {
    plan: {
      sent: omitZero(merged),
      dropped: droppedKeys(request, keys),
      madeSeconds: seconds,
      chargedSeconds: seconds,
      ...dimensionsOf(request.size ?? textOf(merged['ratio']), '16:9'),
      ratios: {},
    },
  };
}

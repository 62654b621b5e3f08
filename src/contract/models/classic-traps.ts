import type { ModelFamily } from '../model-family.ts';
import type { VideoRequest } from '../video-request.ts';

/** A request, with its family and metadata. */
export interface Asked {
  format: VideoRequest['format'];
  family: ModelFamily;
  body: Record<string, unknown> & { model: string };
  metadata: Record<string, unknown>;
}

/** One deviation that was found. */
export interface Finding {
  field: string;
  effect: 'refused' | 'changed' | 'dropped';
  message: string;
}

/** Deviations of one model family. */
export function familyTraps(asked: Asked): Finding[] {
  return [...droppedKeys(asked), ...(traps[asked.family]?.(asked) ?? [])];
}

/** The gateway will refuse this. */
export function refusal(field: string, message: string): Finding {
  return { field, effect: 'refused', message };
}

/** The gateway changes this, or may refuse it. */
export function warning(field: string, message: string): Finding {
  return { field, effect: 'changed', message };
}

/** The gateway accepts this, but it has no effect. */
export function dropped(field: string, message: string): Finding {
  return { field, effect: 'dropped', message };
}

const traps: Partial<Record<ModelFamily, (asked: Asked) => Finding[]>> = {
  kling: checkKling,
  jimeng: checkJimeng,
  vidu: checkVidu,
  sora: checkSora,
  ali: checkAli,
};

function droppedKeys({ family, metadata }: Asked): Finding[] {
  const known = metadataKeys[family];
  // Jimeng's duration has a more specific warning.
  const spoken = family === 'jimeng' ? ['duration'] : [];
  return Object.keys(metadata)
    .filter((key) => known !== undefined && !known.includes(key) && !spoken.includes(key))
    .map((key) =>
      dropped(`metadata.${key}`, 'Ignored: the gateway does not forward it to this model'),
    );
}

function checkKling({ body, metadata }: Asked): Finding[] {
  const findings: Finding[] = [];
  const { size, duration } = body;
  const hasImage = [body['image'], body['images'], body['input_reference']].some(Boolean);
  if (metadata['aspect_ratio'] === undefined && !hasImage) {
    const advice = 'set metadata.aspect_ratio, or a size such as 1280x720';
    if (size === undefined)
      findings.push(warning('size', `Is missing, so the video becomes 1:1; ${advice}`));
    else if (typeof size !== 'string' || !klingSizes.has(size)) {
      findings.push(
        warning('size', `Is not in the gateway's table, so the video becomes 1:1; ${advice}`),
      );
    }
  }
  if (typeof duration === 'number' && duration !== 5 && duration !== 10) {
    findings.push(
      warning('duration', 'Kling makes 5 or 10 seconds; the vendor may refuse the rest'),
    );
  }
  if (typeof metadata['duration'] === 'number') {
    const message = `The gateway refuses a number here; send "${metadata['duration']}" as text, or duration`;
    findings.push(refusal('metadata.duration', message));
  }
  if (typeof metadata['cfg_scale'] === 'string') {
    findings.push(refusal('metadata.cfg_scale', 'The gateway refuses text here; send a number'));
  }
  if (metadata['cfg_scale'] === 0) {
    findings.push(dropped('metadata.cfg_scale', 'Zero is dropped, so the default 0.5 is used'));
  }
  return findings;
}

const klingSizes = new Set('1024x1024 512x512 1280x720 1920x1080 720x1280 1080x1920'.split(' '));

function checkJimeng({ body: { duration }, metadata }: Asked): Finding[] {
  const findings: Finding[] = [];
  if (typeof duration === 'number' && duration !== 5 && duration !== 10) {
    findings.push(warning('duration', 'Jimeng makes 5 or 10 seconds; any other value becomes 5'));
  }
  if (metadata['duration'] !== undefined) {
    findings.push(dropped('metadata.duration', 'Has no effect; use duration, 5 or 10'));
  }
  return findings;
}

function checkVidu({ body: { size }, metadata }: Asked): Finding[] {
  const findings: Finding[] = [];
  if (size !== undefined && metadata['resolution'] !== undefined) {
    findings.push(dropped('size', 'Has no effect if metadata.resolution is set'));
  } else if (typeof size === 'string' && !/^\d+p$/i.test(size)) {
    findings.push(
      warning('size', `Is sent as resolution "${size}"; Vidu accepts values such as 1080p`),
    );
  }
  if (metadata['seed'] === 0) {
    findings.push(dropped('metadata.seed', 'Zero is dropped, so the seed is random'));
  }
  return findings;
}

function checkSora({ body: { model, size, seconds, duration } }: Asked): Finding[] {
  const findings: Finding[] = [];
  const sizes = soraSizes[model];
  if (sizes !== undefined && typeof size === 'string' && size !== '' && !sizes.includes(size)) {
    findings.push(
      refusal('size', `The gateway refuses "${size}" for ${model}; use ${sizes.join(' or ')}`),
    );
  }
  if (duration !== undefined && seconds === undefined) {
    const message = `Is charged but not sent, so the video gets 4 seconds; use seconds, as text`;
    findings.push(warning('duration', message));
  }
  if (seconds !== undefined && !soraSeconds.has(seconds)) {
    findings.push(
      warning('seconds', 'Sora makes 4, 8 or 12 seconds; the vendor may refuse the rest'),
    );
  }
  return findings;
}

const soraSeconds = new Set<unknown>(['4', '8', '12', 4, 8, 12]);
const landscapeAndPortrait = ['720x1280', '1280x720'];
const soraSizes: Partial<Record<string, readonly string[]>> = {
  'sora-2': landscapeAndPortrait,
  'sora-2-pro': [...landscapeAndPortrait, '1792x1024', '1024x1792'],
};

function checkAli({ body: { size }, metadata }: Asked): Finding[] {
  const flat = Object.keys(metadata).filter(
    (key) => !['input', 'parameters', 'callback_url'].includes(key),
  );
  const findings = flat.map((key) =>
    dropped(
      `metadata.${key}`,
      'May be dropped; put it under metadata.input or metadata.parameters',
    ),
  );
  if (typeof size === 'string' && /^\d+x\d+$/i.test(size)) {
    findings.unshift(
      warning('size', `Is refused in this form; send "${size.replace(/x/i, '*')}" or "1080P"`),
    );
  }
  return findings;
}

/**
 * The keys of `metadata` that are forwarded to the vendor. The gateway's structs are the allowlist; other keys are
 * dropped without an error. A family that is not listed forwards `metadata`, or merges it into the vendor's body.
 *
 * @see docs/gateway.md#traps
 */
const metadataKeys: Partial<Record<ModelFamily, readonly string[]>> = {
  kling: [
    ...words('image_tail negative_prompt mode duration aspect_ratio cfg_scale static_mask'),
    ...words('dynamic_masks camera_control callback_url external_task_id'),
  ],
  jimeng: words('req_key image_urls binary_data_base64 seed aspect_ratio frames'),
  vidu: words('duration seed resolution movement_amplitude bgm payload callback_url'),
  hailuo: [
    ...words('prompt_optimizer fast_pretreatment duration resolution callback_url'),
    ...words('aigc_watermark first_frame_image last_frame_image subject_reference'),
  ],
  doubao: [
    ...words('ratio resolution duration frames seed camera_fixed watermark draft content'),
    ...words('return_last_frame generate_audio service_tier execution_expires_after priority'),
    ...words('callback_url'),
  ],
  gemini: [
    ...words('durationSeconds aspectRatio resolution negativePrompt personGeneration seed'),
    ...words('storageUri compressionQuality resizeMode generateAudio'),
  ],
};

function words(text: string): string[] {
  return text.split(' ');
}

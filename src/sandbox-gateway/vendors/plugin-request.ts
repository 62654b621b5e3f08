import { isRecord, type CreateRequest } from '../create-request.ts';
import { apiError, taskError } from '../errors.ts';
import { dimensionsOf } from '../plan-parts.ts';
import { PluginRefusal } from './plugin-fields.ts';
import { decodeGrok } from './plugin-grok.ts';
import { pluginMoneyOf, pluginModel } from './plugin-models.ts';
import { decodeVeo, extendSeconds } from './plugin-veo.ts';
import { decodeXm, type Decoded } from './plugin-xm.ts';
import type { MadeVideo, Planned } from './vendor-plan.ts';

const maxSeconds = 3_600;

/**
 * Decodes a request like its plugin, and checks priced fields like the host.
 *
 * @param requestId For the text of refusals before a channel is chosen.
 */
export function planPluginRequest(
  request: CreateRequest,
  { mediaOrigin, requestId }: { mediaOrigin: string; requestId: string },
): Planned {
  try {
    return { plan: planOf(request, decode(request, mediaOrigin)) };
  } catch (error) {
    if (!(error instanceof PluginRefusal)) throw error;
    const { code, message } = error;
    const isEarly = code === '';
    return {
      refusal: isEarly
        ? apiError(400, { code, message, requestId })
        : taskError(400, code, message),
    };
  }
}

function decode(request: CreateRequest, mediaOrigin: string): Decoded {
  switch (pluginModel(request.model).plugin) {
    case 'xm':
      return decodeXm(request);
    case 'grok':
      return decodeGrok(request, { mediaOrigin });
    case 'veo': {
      const decoded = decodeVeo(request);
      checkUsage(request.body);
      return decoded;
    }
  }
}

function planOf({ model }: CreateRequest, { made, sent, dropped }: Decoded) {
  const extends_ = made.media.some(({ role }) => role === 'extend');
  const chargedSeconds = extends_ ? extendSeconds.charged : made.seconds;
  const priced = pluginModel(model);
  return {
    sent,
    dropped,
    made,
    madeSeconds: made.seconds,
    chargedSeconds,
    money: pluginMoneyOf(priced, { resolution: made.resolution, chargedSeconds }),
    ratios: { seconds: chargedSeconds },
    ...frameOf(made),
  };
}

/** Chosen by shape, because the files of the sandbox are small. */
function frameOf({ ratio }: MadeVideo): { width: number; height: number } {
  return dimensionsOf(ratio, '16:9');
}

/** The host checks the decoded body: lengths at any depth must be valid. */
function checkUsage(value: unknown): void {
  if (Array.isArray(value)) value.forEach(checkUsage);
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const isLength = /^(duration|seconds)$/i.test(key);
    const number = typeof inner === 'string' && inner.trim() !== '' ? Number(inner) : inner;
    const fits = typeof number === 'number' && number >= 0 && number <= maxSeconds;
    if (isLength && !fits) {
      throw new PluginRefusal(`usage field ${key} is invalid`, 'plugin_usage_invalid');
    }
    checkUsage(inner);
  }
}

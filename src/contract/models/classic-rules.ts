import type { VideoCost } from '../admission.ts';
import type { PriceOf } from '../price/price-of.ts';
import { type ModelFamily, modelFamily } from '../model-family.ts';
import { isObject, objectIn, parseJson } from '../object-in.ts';
import { lengthsIn, longestLength } from '../video-length.ts';
import {
  type Asked,
  dropped,
  familyTraps,
  type Finding,
  refusal,
  warning,
} from './classic-traps.ts';
import type { EvaluatedRequest, Evaluation } from './evaluate-request.ts';
import { nothingMade } from './merge-findings.ts';

/**
 * Evaluates a request by the rules of gateways without plugins, by model family. For an unknown model, only the general
 * rules apply.
 *
 * @see docs/gateway.md#traps
 */
export function evaluateClassic(
  { format, body }: EvaluatedRequest,
  { isKnownFamily, priceOf }: { isKnownFamily: boolean; priceOf: PriceOf | undefined },
): Evaluation {
  const family = isKnownFamily ? modelFamily(body.model) : 'other';
  const asked: Asked = { format, family, body, metadata: objectIn(body['metadata']) };
  const findings = rules.flatMap((rule) => rule(asked));
  const seconds = longestLength(body);
  return {
    makes: { ...nothingMade, seconds: seconds ?? null },
    refusals: findings
      .filter(({ effect }) => effect === 'refused')
      .map(({ field, message }) => ({ field, message })),
    warnings: findings.flatMap(({ field, effect, message }) =>
      effect === 'refused' ? [] : [{ field, effect, message }],
    ),
    cost: costOf(body.model, { seconds, priceOf }),
  };
}

function costOf(
  model: string,
  { seconds, priceOf }: { seconds: number | undefined; priceOf: PriceOf | undefined },
): VideoCost {
  const known = { ...(seconds !== undefined && { seconds }) };
  const money = priceOf?.({ model, ...known });
  return { ...known, ...(money !== undefined && { money }) };
}

type Rule = (asked: Asked) => Finding[];

const maxDurationSeconds = 3_600;

const rules: readonly Rule[] = [
  checkPrompt,
  checkDuration,
  checkSeconds,
  checkLengths,
  checkMetadataForm,
  checkIgnoredFields,
  checkCallback,
  familyTraps,
];

function checkPrompt({ body: { prompt } }: Asked): Finding[] {
  if (typeof prompt === 'string' && prompt.trim() !== '') return [];
  return [refusal('prompt', 'Is missing: say what to show')];
}

function checkDuration({ body: { duration } }: Asked): Finding[] {
  if (duration === undefined) return [];
  if (typeof duration !== 'number') {
    return [warning('duration', 'Some deployments refuse it as text; send a JSON integer')];
  }
  if (duration < 0 || duration > maxDurationSeconds) {
    return [refusal('duration', 'The gateway refuses lengths below 0 and above 3600 seconds')];
  }
  if (Number.isInteger(duration)) return [];
  return [
    warning('duration', 'A fraction is refused, or replaced by the default; send a JSON integer'),
  ];
}

function checkSeconds({ format, family, body: { seconds, duration } }: Asked): Finding[] {
  if (seconds === undefined) return [];
  const length = Number(seconds);
  if (length < 0 || length > maxDurationSeconds) {
    return [refusal('seconds', 'The gateway refuses lengths below 0 and above 3600 seconds')];
  }
  const findings: Finding[] = [];
  if (typeof seconds === 'number' && format === 'videos' && ['sora', 'ali'].includes(family)) {
    findings.push(
      refusal('seconds', `The gateway refuses a number here; send "${seconds}" as text`),
    );
  } else if (typeof seconds === 'number' && family !== 'other') {
    findings.push(warning('seconds', `A number may be refused here; send "${seconds}" as text`));
  }
  if (duration !== undefined) {
    findings.push(warning('seconds', 'Use either seconds or duration'));
  }
  return findings;
}

/** With two different lengths, model and gateway determine which one is charged and which one is made. */
function checkLengths({ body }: Asked): Finding[] {
  const [first, ...others] = lengthsIn(body);
  const other = others.find(({ seconds }) => seconds !== first?.seconds);
  if (!first || !other) return [];
  const message = `Says ${first.seconds} seconds where ${other.field} says ${other.seconds}; send one length`;
  return [refusal(first.field, message)];
}

function checkMetadataForm({ body: { metadata } }: Asked): Finding[] {
  if (metadata === undefined || isObject(metadata)) return [];
  if (typeof metadata !== 'string') {
    return [
      warning('metadata', 'Must be an object, or a JSON object as text; else it may be refused'),
    ];
  }
  return isObject(parseJson(metadata))
    ? []
    : [dropped('metadata', 'Is no JSON object, so the gateway drops all of it without a word')];
}

/** Documented and accepted, but never read (recorded 2026-11-23). Sora channels forward them to the vendor. */
function checkIgnoredFields({ family, body }: Asked): Finding[] {
  if (family === 'other' || family === 'sora') return [];
  const ignored = ['width', 'height', 'fps', 'n', 'seed'].filter(
    (name) => body[name] !== undefined,
  );
  return ignored.map((name) => {
    const advice = name === 'seed' && hasSeed.has(family) ? '; use metadata.seed' : '';
    return dropped(name, `Has no effect: the gateway does not read it${advice}`);
  });
}

const hasSeed = new Set<ModelFamily>(['jimeng', 'vidu', 'doubao', 'gemini']);

function checkCallback({ metadata }: Asked): Finding[] {
  if (metadata['callback_url'] === undefined) return [];
  const message =
    'Is called by the vendor, unsigned and in its own format; onetake does not use it';
  return [warning('metadata.callback_url', message)];
}

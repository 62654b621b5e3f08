import { type Asked, familyTraps, type Finding, refusal, warning } from './family-traps.ts';
import { type ModelFamily, modelFamily } from './model-family.ts';
import { isObject, objectIn, parseJson } from './object-in.ts';
import { lengthsIn } from './video-length.ts';
import type { RequestWarning, VideoRequest } from './video-request.ts';

/** What is known about a request before it is paid for. */
export interface RequestFindings {
  /** The gateway surely refuses these: the POST is not worth sending. */
  refusals: RequestWarning[];
  /** The gateway takes these and changes or drops something, or may refuse. */
  warnings: RequestWarning[];
}

/**
 * Says before the POST what the gateway would refuse, change or drop. The request itself is never changed; for a model
 * of unknown family only the general rules speak.
 *
 * @see docs/gateway.md#traps
 */
export function checkRequest({ format, body }: VideoRequest): RequestFindings {
  const family = modelFamily(body.model);
  const asked: Asked = { format, family, body, metadata: objectIn(body['metadata']) };
  const findings = rules.flatMap((rule) => rule(asked));
  const pick = (refused: boolean) =>
    findings
      .filter((finding) => finding.refused === refused)
      .map(({ field, message }) => ({ field, message }));
  return { refusals: pick(true), warnings: pick(false) };
}

type Rule = (asked: Asked) => Finding[];

const maxDurationSeconds = 3_600;

const rules: readonly Rule[] = [
  checkDuration,
  checkSeconds,
  checkLengths,
  checkMetadataForm,
  checkIgnoredFields,
  checkCallback,
  familyTraps,
];

/** A character has at most four bytes, so only a very long text is counted. */
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
    findings.push(warning('seconds', 'Stands beside duration; send only one of the two'));
  }
  return findings;
}

/** Which one is charged, and which one is made, depends on model and gateway. */
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
    : [warning('metadata', 'Is no JSON object, so the gateway drops all of it without a word')];
}

/** Documented, accepted and never read (recorded 2026-11-23). Sora channels pass them on to the vendor. */
function checkIgnoredFields({ family, body }: Asked): Finding[] {
  if (family === 'other' || family === 'sora') return [];
  const ignored = ['width', 'height', 'fps', 'n', 'seed'].filter(
    (name) => body[name] !== undefined,
  );
  return ignored.map((name) => {
    const advice = name === 'seed' && hasSeed.has(family) ? '; use metadata.seed' : '';
    return warning(name, `Has no effect: the gateway does not read it${advice}`);
  });
}

const hasSeed = new Set<ModelFamily>(['jimeng', 'vidu', 'doubao', 'gemini']);

function checkCallback({ metadata }: Asked): Finding[] {
  if (metadata['callback_url'] === undefined) return [];
  const message =
    'Is called by the vendor, unsigned and in its own format; onetake does not use it';
  return [warning('metadata.callback_url', message)];
}

import type { AdmissionLimits, Spent } from '../../contract/admission.ts';
import type { SpendCaps } from '../../contract/messages.ts';
import type { Colors } from '../output.ts';
import { field } from '../video/report-video.ts';
import { counted } from '../storage/words.ts';

const units = ['videos', 'seconds', 'money'] as const;

/** All limits, one line each. */
export function limitLines({ jobs, perTag = {}, ...rest }: AdmissionLimits, colors: Colors) {
  const caps: [string, SpendCaps | undefined][] = [
    ['a day', rest.perDay],
    ...Object.entries(perTag).map(([tag, cap]): [string, SpendCaps] => [
      `a day of tag "${tag}"`,
      cap,
    ]),
    ['a batch', rest.perBatch],
    ['a run of a batch', rest.perRun],
  ];
  const set = caps.flatMap(([scope, cap]) => (cap ? [`${capWords(cap)} ${scope}`] : []));
  return [
    ...(jobs === undefined ? [] : [field('jobs', `at most ${jobs} at once`, colors)]),
    ...(set.length === 0 ? ['no caps'] : set).map((words, index) =>
      field(index === 0 ? 'caps' : '', words, colors),
    ),
  ];
}

/** `12 videos, 60 seconds, money 3.2`. */
export function spentWords(
  { videos, seconds, money }: Spent = { videos: 0, seconds: 0, money: 0 },
) {
  const said = [counted(videos, 'video'), counted(seconds, 'second')];
  return [...said, ...(money > 0 ? [`money ${money}`] : [])].join(', ');
}

function capWords(caps: SpendCaps): string {
  return units
    .flatMap((unit) => (caps[unit] === undefined ? [] : [`${unit} ${caps[unit]}`]))
    .join(', ');
}

import type { Makes } from '../../../src/contract/models/merge-findings.ts';

/** The fields of the body that a plugin sends, as far as a case checks them; `null`: absent. */
export type Sent = Record<string, unknown>;

export interface Expected {
  makes: Record<string, unknown>;
  /** Keys of the request that must not reach the vendor, so that a warning names them. */
  absent: string[];
  /** Keys that are sent unchanged, so that no warning names them. */
  sent: string[];
}

const shapes: Record<string, string> = { landscape: '16:9', portrait: '9:16' };
const pixels: Record<string, { ratio: string; resolution: string }> = {
  '1280*720': { ratio: '16:9', resolution: '720P' },
};
const tasks: Record<string, string[]> = {
  text_to_video: [],
  image_to_video: ['first_frame', 'last_frame'],
  reference_to_video: ['reference'],
};

/** What the sent fields mean for the video. */
export function expectedMakes(sent: Sent): Expected {
  const makes: Record<string, unknown> = {};
  const absent: string[] = [];
  const asGiven: string[] = [];
  for (const [key, value] of Object.entries(sent)) {
    const name = key.replace(/^(parameters|input)\./, '');
    if (name === 'duration') makes['seconds'] = value === -1 ? 'auto' : value;
    else if (name === 'ratio' || name === 'aspect_ratio') makes['ratio'] = value;
    else if (name === 'aspectRatio') makes['ratio'] = shapes[String(value)];
    else if (name === 'resolution') makes['resolution'] = value;
    else if (key === 'parameters.size') Object.assign(makes, pixels[String(value)]);
    else if (name === 'generateAudio') makes['audio'] = value;
    else if (name === 'referenceImages') makes['references'] = (value as unknown[]).length;
    else if (name === 'task') makes['task'] = value;
    else if (/frame$|^image$|images$|\.image$/i.test(name) && value === null) makes['frames'] = 0;
    else if (value !== null) asGiven.push(name);
    else if (name !== 'prompt') absent.push(name);
  }
  // The plugin sends the resolution as the vendor spells it.
  if (makes['resolution'] === '768P') makes['resolution'] = '768p';
  return { makes, absent, sent: asGiven };
}

/** The same of what was evaluated, for the keys that are expected. */
export function ofMakes(made: Makes, { makes }: Expected): Record<string, unknown> {
  const roles = made.media.map(({ role }) => role);
  const all: Record<string, unknown> = {
    ...made,
    references: roles.filter((role) => role === 'reference').length,
    frames: roles.filter((role) => role.endsWith('_frame')).length,
    task: Object.keys(tasks).find((task) =>
      roles.length === 0 ? task === 'text_to_video' : tasks[task]?.includes(roles[0] ?? ''),
    ),
  };
  return Object.fromEntries(Object.keys(makes).map((key) => [key, all[key]]));
}

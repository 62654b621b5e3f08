import { modelFamily } from './model-family.ts';
import { objectIn } from './object-in.ts';

/** One place of a request that names a length. */
export interface NamedLength {
  field: string;
  seconds: number;
}

/** All lengths that a request names, where gateway or vendor may read them; what is no length above 0 is left out. */
export function lengthsIn(body: Record<string, unknown> & { model: string }): NamedLength[] {
  const metadata = objectIn(body['metadata']);
  const places: [string, unknown][] = [
    ['seconds', body['seconds']],
    ['duration', body['duration']],
    // Jimeng reads no length there.
    ...(modelFamily(body.model) === 'jimeng' ? [] : placesIn(metadata)),
  ];
  return places.flatMap(([field, value]) => {
    const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    const isLength = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
    return isLength ? [{ field, seconds }] : [];
  });
}

/**
 * The longest length that a request names, since which of several is charged depends on model and gateway; undefined
 * where it leaves the length to the model.
 */
export function longestLength(body: Parameters<typeof lengthsIn>[0]): number | undefined {
  const named = lengthsIn(body).map(({ seconds }) => seconds);
  return named.length === 0 ? undefined : Math.max(...named);
}

function placesIn(metadata: Record<string, unknown>): [string, unknown][] {
  const parameters = objectIn(metadata['parameters']);
  return [
    ['metadata.seconds', metadata['seconds']],
    ['metadata.duration', metadata['duration']],
    ['metadata.durationSeconds', metadata['durationSeconds']],
    ['metadata.parameters.duration', parameters['duration']],
  ];
}

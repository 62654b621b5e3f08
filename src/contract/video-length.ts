import { modelFamily } from './model-family.ts';
import { objectIn } from './object-in.ts';

/** A field of a request with a length. */
export interface NamedLength {
  field: string;
  seconds: number;
}

/** All lengths in fields that the gateway or a vendor may read. Values that are not above 0 are left out. */
export function lengthsIn(body: Record<string, unknown> & { model: string }): NamedLength[] {
  const metadata = objectIn(body['metadata']);
  const places: [string, unknown][] = [
    ['seconds', body['seconds']],
    ['duration', body['duration']],
    // Jimeng does not read a length in metadata.
    ...(modelFamily(body.model) === 'jimeng' ? [] : placesIn(metadata)),
  ];
  return places.flatMap(([field, value]) => {
    const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    const isLength = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
    return isLength ? [{ field, seconds }] : [];
  });
}

/**
 * The longest length in a request, because model and gateway determine which of several is charged; undefined if it has
 * none.
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

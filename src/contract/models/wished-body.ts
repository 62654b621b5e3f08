import type { VideoFormat } from '../video-request.ts';
import type { HostGeneration } from './evaluate-request.ts';
import { addMetadata, type Fields } from './body-fields.ts';
import { writeWishes, type Wishes } from './write-wishes.ts';

/** A video as a command line or a row of a manifest describes it. */
export interface WishedVideo extends Wishes {
  model: string;
  format: VideoFormat;
  /** Generation of the gateway. */
  host?: HostGeneration | undefined;
  prompt?: string | undefined;
  /** The model's own fields, unchanged. */
  metadata?: Fields | undefined;
}

/**
 * The request body, with each property in the field that this model reads.
 *
 * @throws {RangeError} The model cannot read a property, or `metadata` also sets it.
 */
export function wishedBody({
  model,
  format,
  host,
  prompt,
  metadata,
  ...wishes
}: WishedVideo): { model: string } & Fields {
  const fields = writeWishes({ model, format, host }, wishes);
  return {
    model,
    ...(prompt !== undefined && { prompt }),
    ...(metadata ? addMetadata(fields, metadata) : fields),
  };
}

import type { VideoFormat } from '../video-request.ts';
import type { HostGeneration } from './evaluate-request.ts';
import { addMetadata, type Fields } from './body-fields.ts';
import { writeWishes, type Wishes } from './write-wishes.ts';

/** What fields of a command line, or of a row, say about a video. */
export interface WishedVideo extends Wishes {
  model: string;
  format: VideoFormat;
  /** The gateway that reads it. */
  host?: HostGeneration | undefined;
  prompt?: string | undefined;
  /** The model's own fields, as they are given. */
  metadata?: Fields | undefined;
}

/**
 * The body for the gateway: each wish in the field that this model reads.
 *
 * @throws {RangeError} The model does not read a wish, or `metadata` says it as well.
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

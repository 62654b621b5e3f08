import type { Command } from 'commander';
import { UsageError } from '../context.ts';

/** The flags that describe one request. */
export function requestOptions(command: Command): Command {
  return command
    .option('--prompt <text>', 'what the video shows, instead of the argument')
    .option('--model <id>', 'model id, exactly as the gateway writes it')
    .option('--format <name>', 'wire format: generations or videos (default: videos)')
    .option('--duration <seconds>', 'length of the video')
    .option('--size <size>', 'size, e.g. 1280x720')
    .option('--ratio <ratio>', 'aspect ratio, e.g. 16:9')
    .option('--resolution <resolution>', 'resolution, e.g. 720p')
    .option('--audio', 'with sound')
    .option('--no-audio', 'without sound')
    .option('--image <file|url>', 'input image; repeat it for several', collectOption)
    .option('--first-frame <file|url>', 'image for the first frame')
    .option('--last-frame <file|url>', 'image for the last frame')
    .option('--reference <file|url>', 'reference image; repeat it for several', collectOption)
    .option('--reference-video <file|url>', 'reference video; repeat it for several', collectOption)
    .option('--reference-audio <file|url>', 'reference audio; repeat it for several', collectOption)
    .option('--metadata <json>', 'model-specific fields, as a JSON object')
    .option(
      '--body <file|->',
      'a whole gateway body as JSON, or { format, body }, instead of flags',
    );
}

/** @throws {UsageError} */
export function onePrompt(
  argument: string | undefined,
  flag: string | undefined,
): { prompt?: string } {
  if (argument !== undefined && flag !== undefined) {
    throw new UsageError('The prompt is given twice: as an argument and with --prompt');
  }
  const prompt = argument ?? flag;
  return prompt === undefined ? {} : { prompt };
}

/** Collects the values of an option that may be repeated. */
export function collectOption(value: string, before: string[] = []): string[] {
  return [...before, value];
}

import type { Command } from 'commander';
import type { codecServerConfig } from '../../config/codec-config.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { field } from '../video/report-video.ts';

interface Flags {
  host: string;
  port: string;
  corsOrigin: string;
  token?: string;
}

/** Origins of the UI of `onetake dev`. */
const devUi = 'http://localhost:8233,http://127.0.0.1:8233';

const examples = `
Example:
  $ CODEC_SERVER_TOKEN=$(openssl rand -hex 32) onetake codec-server --cors-origin https://temporal.example

Keys come from PAYLOAD_KEYS or PAYLOAD_KEYS_FILE, the settings of the workers.`;

/** `onetake codec-server`: decodes payloads for the Temporal UI and command line, until Ctrl-C. */
export function configureCodecServer(command: Command): Run {
  command
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', '8234')
    .option('--cors-origin <origins>', 'origins of the UI, separated by commas', devUi)
    .option(
      '--token <token>',
      'token that clients must send (default: CODEC_SERVER_TOKEN, which ps does not show)',
    )
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, { env, output }: CliContext): Promise<Exit> {
  const config = await import('../../config/codec-config.ts');
  const given = flags.token === undefined ? {} : { CODEC_SERVER_TOKEN: flags.token };
  const { keys, token } = config.codecServerConfig({ ...env, ...given });
  const interrupt = listenForInterrupt();
  const server = await start(flags, { keys, token });
  const ids = keys.map(({ id }) => id);
  try {
    output.result(
      (colors) => [
        `Codec server ready; keys ${ids.join(', ')}, the first one encrypts.`,
        field('UI', `codec server endpoint ${server.url}/<token>`, colors),
        field('temporal', `--codec-endpoint ${server.url} --codec-auth "Bearer <token>"`, colors),
        'Ctrl-C stops it.',
      ],
      { outcome: 'ready', url: server.url, keys: ids },
    );
    await interrupt.happened;
  } finally {
    await server.stop();
  }
  return 'ok';
}

type Secrets = ReturnType<typeof codecServerConfig>;

/** @throws {UsageError} A flag cannot be used, or the port is taken. */
async function start({ host, port, corsOrigin }: Flags, { keys, token }: Secrets) {
  const [{ startCodecServer }, { createPayloadCodec }] = await Promise.all([
    import('../../codec/codec-server.ts'),
    import('../../codec/payload-codec.ts'),
  ]);
  const codec = createPayloadCodec(keys);
  const corsOrigins = corsOrigin.split(',').map(parseOrigin);
  try {
    return await startCodecServer({ codec, token, corsOrigins, host, port: parsePort(port) });
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof UsageError) throw cause;
    throw new UsageError(`Cannot start the codec server: ${cause.message}`, { cause });
  }
}

/** As a browser sends it: without path and trailing slash. */
function parseOrigin(text: string): string {
  const { origin } = URL.canParse(text.trim()) ? new URL(text.trim()) : { origin: 'null' };
  if (origin !== 'null') return origin;
  throw new UsageError(
    `Cannot use --cors-origin "${text}": it must be an origin such as https://temporal.example`,
  );
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new UsageError(`Cannot use --port "${text}": it must be a number from 0 to 65535`);
}

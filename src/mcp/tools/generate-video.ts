import type {
  CallToolResult,
  InputRequiredResult,
  ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ApiError } from '../../serve/http/api-error.ts';
import { maxKeyLength } from '../../serve/http/headers.ts';
import type { TenantVideo } from '../../serve/videos/video-object.ts';
import { createVideo } from '../../serve/videos/create-video.ts';
import { needsApproval } from '../asking/needs-approval.ts';
import { personsWord, type AskingParts, type GivenWord } from '../asking/persons-word.ts';
import { readRequest } from '../request/read-request.ts';
import { videoFields, type VideoFields } from '../request/video-fields.ts';
import { withKey } from '../results/with-key.ts';
import { videoResult } from '../results/video-result.ts';
import { videoSummarySchema } from '../results/video-summary.ts';
import { refusal } from '../spending/refusals.ts';
import type { SpendRequest } from '../spending/spend-permission.ts';
import { quoted } from './quoted.ts';
import { startedVideo } from './started-video.ts';
import { guarded } from './tool.ts';

const inputSchema = z.strictObject({
  ...videoFields,
  key: z
    .string()
    .trim()
    .min(1)
    .max(maxKeyLength)
    .exactOptional()
    .describe('Idempotency key: calls with the same key and arguments are one video, paid once'),
  confirm: z.string().max(1_000).exactOptional().describe('Token of quote_video'),
});

const outputSchema = videoSummarySchema.extend({
  key: z.string().describe('Pass it if you repeat this call: it is the same video, paid once'),
});

type Given = z.infer<typeof inputSchema>;

/** Until the gateway has accepted the job: a refusal that costs nothing is then the answer. */
const acceptWaitMs = 5_000;

/** Of all videos of agents, so that the operator can limit them. */
const agentsTag = 'mcp';

/** The only tool that starts a paid request. */
export function registerGenerateVideo(parts: AskingParts): void {
  parts.server.registerTool(
    'generate_video',
    {
      title: 'Make a video',
      description:
        'Makes a video, which costs money. It pays only with a word of a person: the client asks its person, or `confirm` ' +
        'is a token of quote_video that a person has approved, or the operator has set a standing permission. Returns at ' +
        'once with an id; then call wait_for_video. To repeat a call, pass its `key`, which results and errors name: a ' +
        'call without it is another video.',
      inputSchema,
      outputSchema,
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    (given, context) => guarded(parts, () => generate(parts, given, context)),
  );
}

async function generate(
  parts: AskingParts,
  { key, confirm, ...fields }: Given,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { ports, caller } = parts;
  const { quote, spend } = await quoted(parts, fields, key);
  if (!spend) throw refusedRequest(quote.refusals);
  const result = (video: TenantVideo, ofKey: string) =>
    videoResult(video, { ports, caller, more: { key: ofKey } });
  const started = key === undefined ? null : await startedVideo(ports, { ...spend, key });
  if (started && key !== undefined) return result(started, key);
  const wish = { spend, quote, ...(confirm !== undefined && { confirm }) };
  const word = await personsWord(parts, wish, context);
  if ('question' in word) return word.question;
  const video = await withKey(word.key, async () => {
    const found = await startedVideo(ports, { ...spend, key: word.key });
    return found ?? (await start(parts, { spend, word, fields }, context));
  });
  return result(video, word.key);
}

interface Permitted {
  spend: SpendRequest;
  word: GivenWord;
  fields: VideoFields;
}

/** @throws {ApiError} 403: the word is too old to start a video. */
async function start(
  { ports, caller }: AskingParts,
  { spend, word, fields }: Permitted,
  { mcpReq }: ServerContext,
): Promise<TenantVideo> {
  // The same request again: now its input images are stored.
  const { request } = await readRequest(ports, fields, ports.storage);
  if (ports.now() >= word.startUntil) {
    throw await needsApproval(ports.permissions, { spend, permission: refusal('expired') });
  }
  if (mcpReq.signal.aborted) {
    throw new ApiError(409, 'call_cancelled', { message: 'Nothing was spent: the call ended' });
  }
  return createVideo(ports, caller.tenant, {
    request,
    options: {
      key: word.key,
      retryCount: null,
      receivedAt: ports.now(),
      waitMs: acceptWaitMs,
      tags: [agentsTag],
    },
  });
}

function refusedRequest(refusals: readonly { field: string; message: string }[]): ApiError {
  const [first] = refusals;
  const reasons = refusals.map(({ field, message }) => `"${field}": ${message}`).join('; ');
  const message = `The request would be refused, so nothing was started or charged: ${reasons}`;
  return new ApiError(400, 'invalid_request', { message, ...(first && { param: first.field }) });
}

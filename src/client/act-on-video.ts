import { WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { messageNames, type ResolveSubmission } from '../contract/messages.ts';
import { describeVideo, fromIndex, fullVideoId, orNotFound } from './describe-video.ts';
import { VideoClientError } from './video-client-error.ts';

export async function cancelVideo(client: Client, id: string): Promise<void> {
  const videoId = fullVideoId(id);
  const found = await describeVideo(client, videoId);
  if (found.closeTime !== undefined) return;
  await orNotFound(videoId, () => client.workflow.getHandle(videoId).cancel());
}

export async function resolveSubmission(
  client: Client,
  id: string,
  decision: ResolveSubmission,
): Promise<void> {
  const videoId = fullVideoId(id);
  const found = await describeVideo(client, videoId);
  if (found.closeTime !== undefined) {
    const { phase } = fromIndex(found);
    const message = `"${videoId}" has ended (${phase}): there is no open submit to decide`;
    throw new VideoClientError('wrong_phase', message);
  }
  const handle = client.workflow.getHandle(videoId);
  try {
    await orNotFound(videoId, () =>
      handle.executeUpdate<void, [ResolveSubmission]>(messageNames.resolveSubmission, {
        args: [decision],
      }),
    );
  } catch (cause) {
    if (!(cause instanceof WorkflowUpdateFailedError)) throw cause;
    throw new VideoClientError('wrong_phase', cause.cause?.message ?? cause.message, { cause });
  }
}

import type { EndpointReader } from '../../webhooks/cached-endpoints.ts';

/**
 * Adds to the result of an activity that the workflow announces the end of the video. Only then does a completed video
 * have an event of webhooks in its history. If the endpoints cannot be read, there may be some.
 */
export function noteEndpoints<In, Out extends object>(
  activity: (input: In) => Promise<Out>,
  {
    endpoints,
    isEnd = () => true,
  }: { endpoints: Pick<EndpointReader, 'list'>; isEnd?: (result: Out) => boolean },
): (input: In) => Promise<Out & { announce?: true }> {
  return async (input) => {
    const result = await activity(input);
    if (!isEnd(result)) return result;
    const isWanted = await endpoints.list().then(
      (list) => list.length > 0,
      () => true,
    );
    return isWanted ? { ...result, announce: true } : result;
  };
}

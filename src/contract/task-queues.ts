/** The task queues. Separate ones allow a different size and rate for submits, polls, downloads and webhooks. */
export const taskQueues = {
  workflows: 'video-workflows',
  submit: 'video-submit',
  poll: 'video-poll',
  download: 'video-download',
  webhooks: 'video-webhooks',
} as const;

/** Workflow types of a video. */
export const workflowTypes = {
  generate: 'generateVideoWorkflow',
  collect: 'collectVideoWorkflow',
} as const;

/** Prefix of every workflow id of a video. */
export const workflowIdPrefix = 'video/';

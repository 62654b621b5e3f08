/** The four task queues. Submits, polls and downloads get workers of their own size and rate. */
export const taskQueues = {
  workflows: 'video-workflows',
  submit: 'video-submit',
  poll: 'video-poll',
  download: 'video-download',
} as const;

/** Workflow type names, for starting by name. */
export const workflowTypes = {
  generate: 'generateVideoWorkflow',
  collect: 'collectVideoWorkflow',
} as const;

/** Every workflow id of a video begins with this. */
export const workflowIdPrefix = 'video/';

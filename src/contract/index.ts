/** The package entry `onetake/contract`: everything another service needs to start and read videos by name. */
export * from './activities.ts';
export * from './admission.ts';
export * from './check-request.ts';
export * from './defaults.ts';
export * from './failure.ts';
export * from './messages.ts';
export * from './model-family.ts';
export * from './poll-delay.ts';
export * from './read-request.ts';
export * from './search-attributes.ts';
export * from './stored-video.ts';
export * from './video-sidecar.ts';
export * from './task-queues.ts';
export * from './video-cost.ts';
export * from './video-job.ts';
export * from './video-labels.ts';
export * from './video-request.ts';

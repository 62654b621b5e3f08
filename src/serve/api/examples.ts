const id = 'video_2c26b46b68ffc68ff99b453c1d30413413422d70';
const prompt = 'A cat naps in the sun';

/** A create in OpenAI's shape. */
export const createVideoExample = { model: 'sora-2', prompt, seconds: '4', size: '1280x720' };

/** A create in new-api's shape. */
export const createGenerationExample = { model: 'kling-v1', prompt, duration: 5 };

const onetake = {
  phase: 'waiting',
  billed: 'no',
  outcome: 'started',
  eta: null,
  warnings: [],
  unresolved: null,
  failure: null,
  file: null,
};

/** A video that was just created. */
export const videoExample = {
  id,
  object: 'video',
  model: 'sora-2',
  status: 'queued',
  progress: 0,
  created_at: 1_796_000_000,
  completed_at: null,
  expires_at: null,
  error: null,
  prompt,
  remixed_from_video_id: null,
  seconds: '4',
  size: '1280x720',
  onetake,
};

/** A generation that was just created. */
export const createdGenerationExample = {
  id,
  task_id: id,
  object: 'video',
  model: 'kling-v1',
  status: 'queued',
  progress: 0,
  created_at: 1_796_000_000,
  onetake,
};

/** An endpoint of webhooks. */
export const webhookEndpointExample = {
  id: 'we_3f9a1c72b0d4e5863f9a1c72',
  object: 'webhook_endpoint',
  url: 'https://hooks.example.com/onetake',
  callback_host: null,
  events: ['video.completed', 'video.failed'],
  created_at: 1_796_000_000,
  rotating: false,
};

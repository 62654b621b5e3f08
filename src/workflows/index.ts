export { collectVideoWorkflow } from './collect-video.ts';
export { generateVideoWorkflow } from './generate-video.ts';

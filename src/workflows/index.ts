export { admissionWorkflow } from './admission.ts';
export { collectVideoWorkflow } from './collect-video.ts';
export { generateVideoWorkflow } from './generate-video.ts';
export { ledgerCheckWorkflow } from './reconcile-ledger.ts';
export { retentionWorkflow } from './retention.ts';
export { videoBatchPartitionWorkflow } from './batch-partition.ts';
export { videoBatchWorkflow } from './video-batch.ts';

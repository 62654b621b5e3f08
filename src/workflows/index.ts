export { admissionWorkflow } from './admission/admission.ts';
export { collectVideoWorkflow } from './collect-video.ts';
export { generateVideoWorkflow } from './generate-video.ts';
export { ledgerCheckWorkflow } from './upkeep/reconcile-ledger.ts';
export { retentionWorkflow } from './upkeep/retention.ts';
export { videoBatchPartitionWorkflow } from './batch/partition.ts';
export { videoBatchWorkflow } from './batch/video-batch.ts';
export { announceEventWorkflow, deliverWebhookWorkflow } from './webhooks/deliver-webhook.ts';

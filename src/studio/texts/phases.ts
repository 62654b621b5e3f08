import { textTable } from './in-language.ts';

/** The phases of a video, as a person reads them. */
export const phaseTexts = textTable({
  waiting: ['Waiting for a slot', '等待空位'],
  submitting: ['Submitting', '提交中'],
  unresolved: ['Needs a decision', '需要决定'],
  queued: ['Queued at the gateway', '网关排队中'],
  running: ['Running', '生成中'],
  overdue: ['Overdue', '超时未完成'],
  delivering: ['Downloading', '取回中'],
  stored: ['Stored', '已保存'],
  failed: ['Failed', '失败'],
  cancelled: ['Cancelled', '已取消'],
});

/** Whether a video is billed. */
export const billedTexts = textTable({
  no: ['Not billed', '未计费'],
  yes: ['Billed', '已计费'],
  maybe: ['May be billed', '可能已计费'],
});

import { failures, type FailureKind } from '../../contract/failure.ts';
import type { Lang } from './in-language.ts';

/** What a failure means, and what to do about it. */
export interface FailureWords {
  meaning: string;
  whatToDo: string;
}

/** The words of a kind of failure in one language. */
export function failureWords(kind: FailureKind, lang: Lang): FailureWords {
  if (lang === 'en') return failures[kind];
  const [meaning, whatToDo] = chinese[kind];
  return { meaning, whatToDo };
}

/** The English words are in the table of kinds, from which docs/errors.md is made. */
const chinese: Readonly<Record<FailureKind, readonly [meaning: string, whatToDo: string]>> = {
  invalid_request: [
    '请求无效：onetake 在提交前拒绝了它，或者网关拒绝了它。',
    '按提示修改请求，然后重新开始。',
  ],
  moderation: ['内容审核在创建任务之前拒绝了内容。', '修改提示词或图片，然后重新开始。'],
  auth: [
    '网关拒绝了 API 密钥。没有额度的密钥也可能得到同样的答复。',
    '用 `onetake doctor` 检查 GATEWAY_API_KEY，然后重新开始。',
  ],
  quota: [
    '账户或密钥的额度不足以生成这个视频。',
    '为账户充值或提高密钥的额度。如果网关停用了密钥，请先重新启用，然后重新开始。',
  ],
  rate_limited: ['网关因速率限制一直拒绝任务。', '稍后重新开始，或减少同时生成的视频数量。'],
  no_channel: [
    '网关目前没有可用的供应商提供这个模型。',
    '稍后重新开始。如果 `onetake doctor` 说没有检查模型，请核对模型名称的拼写。',
  ],
  gateway_unavailable: [
    '无法连接网关，或者网关的答复无法使用。',
    '用 `onetake doctor` 检查 GATEWAY_BASE_URL 和网络。',
  ],
  worker_lost: [
    '工作进程在发送请求之前多次退出。没有发送任何请求。',
    '查明工作进程退出的原因（内存、部署），然后重新开始。',
  ],
  submit_unknown: [
    '付费请求已经发出，但没有收到明确的答复。网关上可能已有任务，并且可能已计费。',
    '在网关控制台查找任务，然后作出决定：认领该任务、重新提交或放弃。',
  ],
  abandoned: [
    '有人放弃了一次结果未知的提交。',
    '如果之后找到任务，`onetake adopt <任务编号>` 可以取回视频。',
  ],
  cap_exceeded: [
    '这个视频会超出费用上限。没有发送任何请求。',
    '用 `onetake limits set` 提高上限，或稍后重新开始：每日上限在 UTC 0:00 重置。',
  ],
  key_conflict: [
    '该键属于另一个请求，或已有视频但要求新视频，或已保存的视频没有可读的说明。没有发送任何请求。',
    '使用另一个键，或该键的下一次生成。提示中写明了原因。',
  ],
  job_taken: [
    '该任务属于另一个视频，不会交付两次。',
    '查看提示中写明的视频；`onetake adopt <任务编号> --for <视频编号>` 可以重新取回。',
  ],
  task_not_found: [
    '网关接受了任务，但一直答复“没有这个任务”，超过其 24 小时期限后仍然如此。',
    '检查工作进程的 API 密钥是否属于付费账户，并向网关报告任务编号。`onetake adopt <任务编号>` 会再次检查。',
  ],
  task_failed: [
    '网关报告任务失败。如果其记录显示已退款，则为“未计费”；否则通常随后退款。',
    '如果可能已计费，请在网关控制台核对退款。`onetake adopt <任务编号>` 会再次检查任务；重新生成会再次付费。',
  ],
  task_timeout: [
    '网关超过自己的时限后放弃了任务。退款情况与任务失败相同。',
    '如果可能已计费，请在网关控制台核对退款。重新生成会再次付费。',
  ],
  deadline: [
    '网关一直没有给出结果，超过其自身时限后仍然如此。',
    '向网关询问该任务。`onetake adopt <任务编号>` 会再次检查。',
  ],
  result_missing: [
    '任务成功了，但视频的所有地址都无法使用。',
    '`onetake adopt <任务编号>` 会再次尝试。如果仍然失败，请向网关报告任务编号。',
  ],
  result_expired: [
    '任务成功了，但网关已不再保存视频。',
    '请向网关报告任务编号。重新生成会再次付费。',
  ],
  truncated: [
    '下载的文件不完整。',
    '`onetake adopt <任务编号>` 会再次尝试。下载的文件已保留：`onetake download --force` 可以复制它。如果仍然无效，请向网关报告任务编号。',
  ],
  not_video: [
    '下载的文件不是可读的视频。',
    '`onetake adopt <任务编号>` 会再次尝试。下载的文件已保留：`onetake download --force` 可以复制它。如果仍然无效，请向网关报告任务编号。',
  ],
  too_large: [
    '视频超过大小限制。',
    '提高 DOWNLOAD_MAX_BYTES，然后运行 `onetake adopt <任务编号>`。',
  ],
  blocked_url: [
    '视频地址被禁止访问（内部网络或不支持的协议）。',
    '如果该地址属于您，请把它的来源加入 GATEWAY_TRUSTED_ORIGINS，然后运行 `onetake adopt <任务编号>`。',
  ],
  storage_unavailable: [
    '无法读写存储。尚未提交的请求没有发送；已付费的视频尚未保存。',
    '用 `onetake doctor` 检查 STORAGE_URL 及其剩余空间。',
  ],
  storage_full: [
    '存储磁盘空间不足，放不下视频。没有发送任何请求。',
    '释放磁盘空间，例如用 `onetake storage prune`；`onetake storage` 显示占用情况。然后重新开始。',
  ],
};

import { textTable } from './in-language.ts';

/** Texts of the pages of batches. */
export const batchTexts = textTable({
  title: ['Batches', '批次'],
  newBatch: ['New batch', '新建批次'],
  empty: [
    'No batch yet. Upload a spreadsheet to make many videos at once.',
    '还没有批次。上传表格即可一次生成多个视频。',
  ],
  running: ['Running', '进行中'],
  ended: ['Ended', '已结束'],
  noneRunning: ['No batch is running.', '没有正在进行的批次。'],
  name: ['Name', '名称'],
  state: ['State', '状态'],
  started: ['Started', '开始'],
  endedAt: ['Ended', '结束'],
  stored: ['Stored', '已保存'],
  failed: ['Failed', '失败'],
  progress: [
    (done: number, rows: number) => `${done} of ${rows} rows have ended`,
    (done: number, rows: number) => `${rows} 行中已结束 ${done} 行`,
  ],
  preparing: ['Reads its rows', '正在读取各行'],
  endLabel: ['Expected end', '预计结束'],
  soon: ['any moment', '即将结束'],
  minutes: [
    (minutes: number) => (minutes <= 1 ? 'in about a minute' : `in about ${minutes} minutes`),
    (minutes: number) => `约 ${minutes} 分钟后`,
  ],
  hours: [
    (hours: number, minutes: number) => `in about ${hours} h ${minutes} min`,
    (hours: number, minutes: number) => `约 ${hours} 小时 ${minutes} 分钟后`,
  ],
  pace: ['Pace so far', '目前速度'],
  perMinute: [(rows: string) => `${rows} rows per minute`, (rows: string) => `每分钟 ${rows} 行`],
  perHour: [(rows: string) => `${rows} rows per hour`, (rows: string) => `每小时 ${rows} 行`],
  window: ['Videos at once', '同时生成的视频数'],
  rows: ['Rows', '各行'],
  cached: ['Already stored before', '此前已保存'],
  notLive: [
    "No worker answers. This is the last state in the server's index.",
    '没有工作进程响应。这是服务器索引中的最后状态。',
  ],
  failure: ['The batch failed', '批次失败'],
  failures: ['Rows that failed', '失败的行'],
  failuresCaption: ['Why rows failed, and what to do', '失败原因与处理方法'],
  newestFailures: [
    (count: number) =>
      `The newest ${count} are shown. When the batch has ended, its CSV file has all.`,
    (count: number) => `显示最新的 ${count} 个。批次结束后，CSV 文件包含全部。`,
  ],
  firstFailures: [
    (count: number) => `The first ${count} are shown; the CSV file has all.`,
    (count: number) => `显示前 ${count} 个；CSV 文件包含全部。`,
  ],
  line: ['Line', '行'],
  key: ['Key', '键（key）'],
  prompt: ['Prompt', '提示词'],
  reason: ['Reason', '原因'],
  toDo: ['What to do', '处理方法'],
  billed: ['Billed', '计费'],
  video: ['Video', '视频'],
  toStart: ['Not started yet', '尚未开始'],
  toStartOrJoined: ['Not started yet, or made by another run', '尚未开始，或由其他运行生成'],
  linesOf: [
    (from: number, to: number) => `Rows in lines ${from} to ${to} of the file`,
    (from: number, to: number) => `文件第 ${from} 至 ${to} 行`,
  ],
  pages: ['Pages of rows', '分页'],
  previous: ['Previous rows', '上一页'],
  next: ['More rows', '下一页'],
  noRows: [
    'The rows appear here when the batch has read its file.',
    '批次读取文件后，各行显示在这里。',
  ],
  actions: ['Actions', '操作'],
  pause: ['Pause', '暂停'],
  resume: ['Resume', '继续'],
  retry: [
    (count: number) =>
      count === 1 ? 'Start the failed row again' : `Start ${count} failed rows again`,
    (count: number) => `重新开始 ${count} 个失败的行`,
  ],
  retryNote: [
    'Only rows that were not billed start again, and stored videos are not paid again. Each new attempt is paid if it succeeds.',
    '只重新开始未计费的行，已保存的视频不会重复付费。新的尝试成功后才付费。',
  ],
  stop: ['Stop this batch', '停止此批次'],
  results: ['Results as CSV', '下载结果 CSV'],
  schedule: ['Run these rows on a schedule', '按计划定期运行这些行'],
  keepTitle: ['Keep what is paid for', '保留已付费的视频'],
  keepText: [
    'No more rows start. Videos that are paid for are stored; all others are cancelled.',
    '不再开始新的行。已付费的视频会保存，其余全部取消。',
  ],
  keep: ['Stop and keep paid videos', '停止并保留已付费的视频'],
  cancelTitle: ['Cancel everything', '全部取消'],
  cancelText: [
    'No more rows start, and videos under way are stopped, except those that others wait for. Submitted jobs continue at the gateway and stay billed.',
    '不再开始新的行，进行中的视频停止（他人等待的除外）。已提交的任务在网关继续执行，仍会计费。',
  ],
  typeName: [(name: string) => `Type ${name} to confirm`, (name: string) => `输入 ${name} 以确认`],
  wrongName: ['This is not the name. Nothing was changed.', '名称不符。没有任何更改。'],
  cancel: ['Cancel the batch', '取消批次'],
  back: ['Back', '返回'],
  conflictTitle: ['This name is in use', '名称已被占用'],
  conflictText: [
    (name: string) =>
      `A batch “${name}” is under way with other rows or another file. Nothing was started.`,
    (name: string) => `批次“${name}”正在使用其他文件运行。没有开始任何任务。`,
  ],
  conflictToDo: [
    'Wait until it has ended, stop it, or check your file again with another name.',
    '请等待它结束、停止它，或换一个名称重新检查文件。',
  ],
  openIt: ['Open the batch that is under way', '打开正在进行的批次'],
});

/** What an action did, shown once on the page after it. */
export const doneTexts = textTable({
  started: ['Started. Each video is paid at most once.', '已开始。每个视频最多付费一次。'],
  joined: [
    'This batch is already under way; nothing more is paid.',
    '此批次已在进行中，不会产生更多费用。',
  ],
  paused: [
    'Paused: no more rows start; videos under way continue.',
    '已暂停：不再开始新的行；进行中的视频继续。',
  ],
  resumed: ['Resumed.', '已继续。'],
  retried: ['The failed rows that were not billed start again.', '未计费的失败行正在重新开始。'],
  started_again: [
    'The batch had ended, so it runs again. Stored videos are not paid again.',
    '批次已结束，因此重新运行。已保存的视频不会重复付费。',
  ],
  kept: ['No more rows start; paid videos will be stored.', '不再开始新的行；已付费的视频会保存。'],
  cancelling: [
    'Cancellation was requested. Submitted jobs stay billed.',
    '已请求取消。已提交的任务仍会计费。',
  ],
  closed: ['Nothing was cancelled: the batch had already ended.', '没有取消：批次已经结束。'],
});

/** Phases of a batch. */
export const batchPhaseTexts = textTable({
  preparing: ['Preparing', '准备中'],
  running: ['Running', '进行中'],
  paused: ['Paused', '已暂停'],
  keeping: ['Stopping', '停止中'],
  done: ['Done', '已完成'],
  failed: ['Failed', '失败'],
  cancelled: ['Cancelled', '已取消'],
});

/** Counts of rows by state. */
export const countTexts = textTable({
  waiting: ['To start', '待开始'],
  running: ['In progress', '进行中'],
  joined: ['Made by another run', '由其他运行生成'],
  overdue: ['Overdue', '超时未完成'],
  unresolved: ['Needs a decision', '需要决定'],
  stored: ['Stored', '已保存'],
  failed: ['Failed', '失败'],
  cancelled: ['Cancelled', '已取消'],
});

/** Why the end of a batch is not known, and what to do. */
export const endUnknownTexts = textTable({
  few_ended: ['not known yet: too few rows have ended', '尚未可知：结束的行太少'],
  paused: ['not known: the batch is paused', '未知：批次已暂停'],
  no_slot: [
    'not known: all rows in progress wait for a slot; see Spend',
    '未知：进行中的行都在等待空位；请查看“费用”',
  ],
  cap: [
    'not known: a limit is reached and refuses rows; see Spend',
    '未知：已达到上限；请查看“费用”',
  ],
  unresolved: [
    'not known: rows need a decision; see Decisions',
    '未知：有行需要决定；请查看“待决定”',
  ],
  overdue: [
    'not known: rows are overdue, and are polled until the gateway reports an end',
    '未知：有行超时，将继续查询直到网关报告结束',
  ],
});

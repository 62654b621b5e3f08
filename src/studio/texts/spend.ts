import { textTable } from './in-language.ts';

/** Texts of the page about money. */
export const spendTexts = textTable({
  title: ['Spend', '费用'],
  views: ['Views', '视图'],
  paid: ['What was paid', '已付费用'],
  caps: ['Slots and caps', '并发与上限'],
  period: ['Period', '时间段'],
  lastDays: [(days: number) => `${days} days`, (days: number) => `${days} 天`],
  download: ['Download CSV', '下载 CSV'],
  reading: [
    'The records of this period are being read. With many videos this takes a while; the page follows, or load it again.',
    '正在读取此时间段的记录。视频较多时需要一些时间；页面会自动更新，也可重新加载。',
  ],
  nothing: ['Nothing was paid in this period.', '此时间段内没有付费。'],
  readAt: ['Read', '读取时间'],
  storageOnly: [
    (reason: string) => `Shown from the storage alone, without the states of runs: ${reason}`,
    (reason: string) => `仅根据存储显示，未包含运行状态：${reason}`,
  ],
  jobs: ['Jobs', '任务'],
  billed: ['Billed', '已计费'],
  maybe: ['May be billed', '可能已计费'],
  notBilled: ['Not billed', '未计费'],
  reserved: ['Reserved', '已预留'],
  settled: ['Settled', '已结算'],
  charged: ['Charged', '已扣费'],
  unknown: ['Not in the sums', '未计入合计'],
  chargedHint: [
    'Charged: what the gateway has reported, in its currency. Reserved and settled: by the price list of the workers. Unknown amounts are counted and are in no sum.',
    '“已扣费”为网关报告的金额，使用网关的货币；“已预留”和“已结算”按工作进程的价目表计算。未知金额只计数，不计入任何合计。',
  ],
  seconds: [(seconds: string) => `${seconds} s`, (seconds: string) => `${seconds} 秒`],
  ofJobs: [
    (jobs: number) => `of ${jobs} ${jobs === 1 ? 'job' : 'jobs'}`,
    (jobs: number) => `共 ${jobs} 个任务`,
  ],
  noLength: [(jobs: number) => `${jobs} of unknown length`, (jobs: number) => `${jobs} 个时长未知`],
  noPrice: [(jobs: number) => `${jobs} without a price`, (jobs: number) => `${jobs} 个没有价格`],
  noCharge: [
    (jobs: number) => `${jobs} without a reported charge`,
    (jobs: number) => `${jobs} 个没有扣费记录`,
  ],
  byDay: ['By day', '按天'],
  byModel: ['By model', '按模型'],
  byTag: ['By tag', '按标签'],
  byTenant: ['By tenant', '按租户'],
  day: ['Day (UTC)', '日期（UTC）'],
  model: ['Model', '模型'],
  tag: ['Tag', '标签'],
  tenant: ['Tenant', '租户'],
  tagHint: [
    'A job with two tags counts for both, so the rows may add up to more than the total.',
    '有两个标签的任务会分别计入两行，因此各行之和可能大于总数。',
  ],
  jobsChart: ['Jobs a day, billed and may be billed', '每天的任务：已计费与可能已计费'],
  chargedChart: ['Charged a day, as the gateway reported', '每天的扣费（网关报告）'],
  settledChart: ['Settled a day, by the price list', '每天的结算（按价目表）'],
  chartText: [
    (days: number, most: string, day: string) =>
      `${days} days. The highest is ${most}, on ${day}. The table has all numbers.`,
    (days: number, most: string, day: string) =>
      `共 ${days} 天，最高为 ${day} 的 ${most}。全部数字见表格。`,
  ],
  flatChart: [
    (days: number) => `${days} days without any.`,
    (days: number) => `${days} 天内均无。`,
  ],
  mostWords: [(most: string) => `at most ${most}`, (most: string) => `最高 ${most}`],
  asTable: ['Days as a table', '按天的表格'],
});

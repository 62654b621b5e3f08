import { textTable } from './in-language.ts';

/** Texts of the quote of many rows. */
export const quoteTexts = textTable({
  check: [(name: string) => `Check “${name}”`, (name: string) => `核对“${name}”`],
  toPay: ['To pay', '需付费'],
  videos: [
    (count: number) => (count === 1 ? '1 video' : `${count} videos`),
    (count: number) => `${count} 个视频`,
  ],
  seconds: [(seconds: number) => `${seconds} s`, (seconds: number) => `${seconds} 秒`],
  openLength: [
    (count: number) => `${count} of unknown length`,
    (count: number) => `${count} 个时长未知`,
  ],
  atMost: [(money: string) => `at most ${money}`, (money: string) => `最多 ${money}`],
  openPrice: [
    (count: number) => ` and ${count} without a known price`,
    (count: number) => `，另有 ${count} 个价格未知`,
  ],
  noPrice: ['the price is not known', '价格未知'],
  and: [', ', '，'],
  is: [': ', '：'],
  nothing: ['nothing', '无需付费'],
  prices: ['Prices', '价格来源'],
  ownPrices: ['prices of this installation (GATEWAY_PRICES)', '本系统配置的价格 (GATEWAY_PRICES)'],
  gatewayPrices: [
    (date: string) => `the gateway's price list of ${date}`,
    (date: string) => `网关 ${date} 的价目表`,
  ],
  cataloguePrices: [
    (date: string) => `the recorded price list of ${date}; limits in money do not use it`,
    (date: string) => `${date} 记录的价目表；金额上限不使用它`,
  ],
  rows: ['Rows', '行数'],
  joined: ['Already under way', '已在进行中'],
  joinedNote: ['not paid again', '不会重复付费'],
  cached: ['Already stored', '已保存'],
  billedBefore: ['Ended before', '此前已结束'],
  billedNote: [
    'were, or may have been, billed; not started again',
    '已计费或可能已计费；不会再次开始',
  ],
  conflicts: ['Not made', '不会生成'],
  conflictNote: [
    (count: number) =>
      `${count === 1 ? '1 row: its key belongs' : `${count} rows: their keys belong`} to another request that is under way or may have been paid. Give these rows other keys, or the batch another name.`,
    (count: number) =>
      `${count} 行的键属于另一个正在进行或可能已付费的请求。请为这些行换用其他键，或为批次换一个名称。`,
  ],
  conflictRow: [
    (line: number, key: string) => `line ${line}: ${key}`,
    (line: number, key: string) => `第 ${line} 行：${key}`,
  ],
  andMore: [(count: number) => `and ${count} more`, (count: number) => `另外还有 ${count} 个`],
  byModel: ['To pay, by model', '按模型列出的费用'],
  model: ['Model', '模型'],
  videosColumn: ['Videos', '视频数'],
  length: ['Length', '时长'],
  cost: ['Cost', '费用'],
  makes: ['What the rows make', '各行生成的内容'],
  video: ['Video', '视频'],
  unknownResult: ['not known before it is made', '生成之前未知'],
  lengthOpen: ['length chosen by the model', '时长由模型决定'],
  soundOn: ['with sound', '有声'],
  soundOff: ['no sound', '无声'],
  each: ['Each', '单价'],
  warnings: ['Warnings', '警告'],
  warningsNote: [
    'The gateway changes or ignores these values without an error.',
    '网关会更改或忽略这些值，但不会报错。',
  ],
  lines: ['Lines', '行'],
  column: ['Column', '列'],
  message: ['What happens', '说明'],
  start: [
    (videos: string, cost: string) => `Start ${videos} (${cost})`,
    (videos: string, cost: string) => `开始生成 ${videos}（${cost}）`,
  ],
  startFree: ['Start: nothing to pay', '开始（无需付费）'],
  startNote: [
    'Each video is paid at most once. A second click does not pay again: it joins this batch.',
    '每个视频最多付费一次。再次点击不会重复付费，只会加入此批次。',
  ],
  back: ['Choose another file', '选择其他文件'],
  schedule: ['Run these rows on a schedule', '按计划定期运行这些行'],
  options: ['Options', '选项'],
});

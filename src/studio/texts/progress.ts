import { textTable } from './in-language.ts';

/** How far a video is. */
export const progressTexts = textTable({
  progress: ['Progress', '进度'],
  left: [(clock: string) => `about ${clock} left`, (clock: string) => `大约还需 ${clock}`],
  soon: ['any moment', '即将完成'],
  late: ['longer than usual', '比平时久'],
  withUsual: [
    (left: string, usual: string) => `${left} (usually ${usual})`,
    (left: string, usual: string) => `${left}（通常 ${usual}）`,
  ],
  place: [
    (place: number, of: number) => `Place ${place} of ${of} in the queue`,
    (place: number, of: number) => `排队第 ${place} 位，共 ${of} 个`,
  ],
  oneOf: [(of: number) => `One of ${of} in the queue`, (of: number) => `队列中共 ${of} 个`],
  startsAbout: ['starts at about', '预计开始时间'],
  noSlot: ['Waits for a free slot at the gateway', '正在等待网关空位'],
  nextTry: ['next try', '下次重试'],
  retrying: [
    (step: string, attempts: number) =>
      attempts === 1 ? `${step} failed once` : `${step} failed ${attempts} times in a row`,
    (step: string, attempts: number) => `${step}失败，已连续 ${attempts} 次`,
  ],
  admission: ['The request for a slot', '申请空位'],
  submit: ['The submit', '提交'],
  reconciliation: ['The search for the lost submit', '查找丢失的提交'],
  adoption: ['Recording the job of this video', '登记任务'],
  poll: ['Polling', '查询进度'],
  delivery: ['The download', '取回'],
});

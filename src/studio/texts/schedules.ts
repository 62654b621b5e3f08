import { textTable } from './in-language.ts';

/** Texts of the pages of schedules. */
export const scheduleTexts = textTable({
  title: ['Schedules', '定时任务'],
  newSchedule: ['New schedule', '新建定时任务'],
  intro: [
    'A schedule starts a batch again and again. First the file is checked and you see what one run costs. Nothing is scheduled before you confirm.',
    '定时任务会按计划反复启动批次。先检查文件并显示一次运行的费用；在您确认之前不会安排任何任务。',
  ],
  dateHint: [
    'With {{date}} in the keys, each day makes new videos. Without it, only the first run makes them.',
    '键中含有 {{date}} 时，每天生成新视频；否则只有第一次运行会生成。',
  ],
  empty: ['No schedule yet.', '还没有定时任务。'],
  active: ['Active', '启用'],
  paused: ['Paused', '已暂停'],
  note: ['Note', '备注'],
  next: ['Next runs', '接下来的运行'],
  none: ['none', '无'],
  recent: ['Last runs', '最近的运行'],
  running: ['Under way', '进行中'],
  fired: ['Runs', '运行次数'],
  firedWords: [
    (fired: number, skipped: number, missed: number) =>
      `${fired} started, ${skipped} skipped, ${missed} missed`,
    (fired: number, skipped: number, missed: number) =>
      `已启动 ${fired}，跳过 ${skipped}，错过 ${missed}`,
  ],
  overlap: ['If the last batch still runs', '上一批次仍在运行时'],
  skip: ['skip this run', '跳过本次'],
  'buffer-one': ['run once after it', '结束后运行一次'],
  'buffer-all': ['run each one after it', '结束后依次全部运行'],
  'allow-all': ['run at the same time', '同时运行'],
  catchup: ['A missed run is made up within', '错过的运行可在此时间内补上'],
  catchupHint: ['For example 30m or 6h. Empty: 1h.', '例如 30m 或 6h。留空：1h。'],
  pauseOnFailure: [
    'Pause the schedule after a batch with failed rows',
    '批次中有失败的行时暂停定时任务',
  ],
  pausesOnFailure: ['after a batch with failed rows', '批次中有失败的行之后'],
  pauses: ['Pauses', '自动暂停'],
  rows: ['Rows of each run', '每次运行的行'],
  when: ['When', '时间'],
  cron: ['Cron expression', 'Cron 表达式'],
  cronHint: [
    'Minute, hour, day, month, weekday: “0 3 * * *” is each day at 3:00 in the time zone above.',
    '分 时 日 月 星期：“0 3 * * *”表示上述时区每天 3:00。',
  ],
  every: ['Or an interval', '或间隔'],
  everyHint: ['For example 30m, 6h or 1d.', '例如 30m、6h 或 1d。'],
  everyWords: [(text: string) => `every ${text}`, (text: string) => `每隔 ${text}`],
  nameHint: [
    'Name of the schedule and of its batches. Empty: the name of the file.',
    '定时任务及其批次的名称。留空则使用文件名。',
  ],
  stored: [
    (rows: number, from: string) => `${rows} checked rows of “${from}”`,
    (rows: number, from: string) => `“${from}”中已检查的 ${rows} 行`,
  ],
  otherFile: ['Use another file', '使用其他文件'],
  gone: [
    'The checked rows are not stored any more: upload the file again.',
    '已检查的行不再保存：请重新上传文件。',
  ],
  check: [
    (name: string) => `Check the schedule “${name}”`,
    (name: string) => `核对定时任务“${name}”`,
  ],
  oneRun: [
    'This is what a run would cost if it started now. Each run pays for its own new videos.',
    '这是现在运行一次的费用。每次运行都会为其新视频付费。',
  ],
  replaces: [
    (name: string) =>
      `A schedule “${name}” exists. It is changed to these rows and times; it stays paused if it is paused.`,
    (name: string) => `定时任务“${name}”已存在，将改为这些行和时间；若已暂停则保持暂停。`,
  ],
  sameKeys: [
    (same: number, rows: number) =>
      `${same} of ${rows} keys have no {{date}}: the first run makes their videos, and later runs find them stored.`,
    (same: number, rows: number) =>
      `${rows} 个键中有 ${same} 个不含 {{date}}：第一次运行会生成视频，之后的运行只会找到已保存的视频。`,
  ],
  missed: [
    (times: string) => `Clocks move forward then, so it will not run at ${times}.`,
    (times: string) => `届时时钟拨快，因此不会在 ${times} 运行。`,
  ],
  safeCron: [
    (cron: string) => `“${cron}” runs every time.`,
    (cron: string) => `“${cron}”则每次都会运行。`,
  ],
  create: ['Create the schedule', '创建定时任务'],
  change: ['Change the schedule', '修改定时任务'],
  createNote: [
    'Each run starts these rows by itself, without asking again. A limit on paid videos or money holds for each run.',
    '每次运行会自动开始这些行，不再询问。付费视频数和费用的上限对每次运行有效。',
  ],
  back: ['Back', '返回'],
  pause: ['Pause', '暂停'],
  resume: ['Resume', '继续'],
  trigger: ['Run now', '立即运行'],
  triggerTitle: [(name: string) => `Run “${name}” now`, (name: string) => `立即运行“${name}”`],
  triggerNote: [
    'Its rule for overlaps applies. Videos that are stored or under way are not paid again.',
    '其重叠规则仍然有效。已保存或进行中的视频不会重复付费。',
  ],
  otherDay: [
    'The day has changed since this was quoted, and rows may contain the date. Nothing was started: look at the new quote.',
    '报价之后日期已变，而行中可能含有日期。没有开始任何任务：请查看新的报价。',
  ],
  noQuote: [
    'The rows of this schedule are not in this storage, so they cannot be quoted. Trigger it with `onetake schedule trigger`.',
    '此定时任务的行不在本存储中，无法报价。请用 `onetake schedule trigger` 运行。',
  ],
  delete: ['Delete', '删除'],
  deleteTitle: [(name: string) => `Delete “${name}”`, (name: string) => `删除“${name}”`],
  deleteText: [
    'It no longer starts batches. Batches under way continue, and stored videos stay.',
    '它将不再启动批次。进行中的批次继续，已保存的视频保留。',
  ],
  deleteIt: ['Delete the schedule', '删除定时任务'],
});

/** What an action did, shown once on the page after it. */
export const scheduleDoneTexts = textTable({
  created: ['Created.', '已创建。'],
  updated: ['Changed.', '已修改。'],
  paused: [
    'Paused: it starts no batch until it is resumed; batches under way continue.',
    '已暂停：继续之前不会启动批次；进行中的批次继续。',
  ],
  resumed: ['Resumed.', '已继续。'],
  triggered: ['Triggered; its rule for overlaps applies.', '已触发；其重叠规则有效。'],
  deleted: ['Deleted: batches under way continue.', '已删除：进行中的批次继续。'],
});

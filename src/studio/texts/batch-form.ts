import { textTable } from './in-language.ts';

/** Texts of the form that checks a file of rows. */
export const batchFormTexts = textTable({
  title: ['New batch', '新建批次'],
  intro: [
    'One row of a spreadsheet is one video. First the file is checked and you see what it costs. Nothing starts before you confirm.',
    '表格的一行对应一个视频。先检查文件并显示费用；在您确认之前不会开始任何任务。',
  ],
  file: ['File', '文件'],
  fileHint: [
    'CSV from a spreadsheet (a comma, a semicolon or a tab between cells; UTF-8, UTF-16 or “Unicode text” of Excel), JSONL or YAML, at most 32 MiB and 20,000 rows.',
    '电子表格导出的 CSV（逗号、分号或制表符分隔；UTF-8、UTF-16 或 Excel 的“Unicode 文本”）、JSONL 或 YAML，最大 32 MiB、20,000 行。',
  ],
  columns: ['The first line names the columns, for example', '第一行是列名，例如'],
  name: ['Name', '名称'],
  nameHint: [
    'Lower-case letters, digits, “.”, “_” and “-”. Empty: the name of the file. A file with the same name and keys never pays twice for a row.',
    '小写字母、数字、“.”、“_”和“-”。留空则使用文件名。名称和键相同的行不会重复付费。',
  ],
  window: ['Videos at once', '同时生成的视频数'],
  windowHint: [(count: number) => `Empty: ${count}.`, (count: number) => `留空：${count}。`],
  limits: ['Limits and options', '上限与选项'],
  capVideos: ['Most paid videos', '最多付费视频数'],
  capSeconds: ['Most paid seconds', '最多付费秒数'],
  capMoney: ['Most money', '最多费用'],
  capHint: [
    'Rows above a limit are not sent and not paid. Money counts by the prices of the workers.',
    '超过上限的行不会提交，也不会付费。费用按工作进程的价格计算。',
  ],
  timeZone: ['Time zone', '时区'],
  timeZoneHint: [
    'Of {{date}} and of cron expressions, for example Asia/Shanghai. Empty: UTC.',
    '用于 {{date}} 和 cron 表达式，例如 Asia/Shanghai。留空：UTC。',
  ],
  ignoreColumns: ['Columns to ignore', '忽略的列'],
  ignoreHint: [
    'Separated by commas. Columns that begin with “_” are always ignored.',
    '用逗号分隔。以“_”开头的列总是被忽略。',
  ],
  sendAnyway: [
    'Send rows even if the catalogue says that the gateway refuses them',
    '即使目录认为网关会拒绝，也提交这些行',
  ],
  check: ['Check the file', '检查文件'],
  checkNote: ['This starts nothing.', '此操作不会开始任何任务。'],
  summary: ['The form has errors. Nothing was started.', '表单有错误。没有开始任何任务。'],
  problems: [
    (count: number, file: string) =>
      `${count === 1 ? '1 error' : `${count} errors`} in “${file}”. Nothing was started.`,
    (count: number, file: string) => `“${file}”中有 ${count} 个错误。没有开始任何任务。`,
  ],
  problemsAdvice: [
    'Correct the lines below in your spreadsheet, save it, and choose the file again.',
    '请在表格中改正下列各行，保存后重新选择文件。',
  ],
  caption: ['Errors by line', '按行列出的错误'],
  line: ['Line', '行'],
  column: ['Column and value', '列与内容'],
  problem: ['Problem', '问题'],
  wholeFile: ['whole file', '整个文件'],
  more: [
    (count: number) => `and ${count} more errors`,
    (count: number) => `另外还有 ${count} 个错误`,
  ],
  noFiles: [
    'an upload has no other files beside it: give an address (https://…), or start this file with `onetake batch run`',
    '上传时没有随附其他文件：请填写地址（https://…），或用 `onetake batch run` 启动此文件',
  ],
});

/** What is wrong with a field of the form. */
export const faultTexts = textTable({
  noFile: ['Choose a file that is not empty.', '请选择一个非空文件。'],
  fileTooLarge: [
    'The file has more than 32 MiB: split it into several.',
    '文件超过 32 MiB：请拆分成多个。',
  ],
  noName: [
    'The file name has no Latin letters or digits: give the batch a name.',
    '文件名中没有拉丁字母或数字：请填写名称。',
  ],
  badName: [
    'Use up to 80 lower-case letters, digits, “.”, “_” and “-”.',
    '最多 80 个字符：小写字母、数字、“.”、“_”和“-”。',
  ],
  notWhole: ['Use a whole number above 0.', '请填写大于 0 的整数。'],
  notNumber: ['Use a number above 0.', '请填写大于 0 的数。'],
  badTimeZone: [
    'Unknown time zone: use a name such as Europe/Berlin or Asia/Shanghai.',
    '未知时区：请使用 Europe/Berlin 或 Asia/Shanghai 这样的名称。',
  ],
  noWhen: ['Give either a cron expression or an interval.', '请填写 cron 表达式或间隔，二选一。'],
  badDuration: ['Use a duration such as 30m, 6h or 1d.', '请使用 30m、6h 或 1d 这样的时长。'],
  badCron: ['This cron expression cannot be used.', '无法使用此 cron 表达式。'],
});

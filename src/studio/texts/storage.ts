import { textTable } from './in-language.ts';

/** Texts of the page about the storage. */
export const storageTexts = textTable({
  title: ['Storage', '存储'],
  reading: [
    'The storage is being read. With many videos this takes a while; the page follows, or load it again.',
    '正在读取存储。视频较多时需要一些时间；页面会自动更新，也可重新加载。',
  ],
  place: ['Place', '位置'],
  videos: ['Videos', '视频'],
  videosWords: [
    (count: string, size: string) => `${count}, ${size}`,
    (count: string, size: string) => `${count} 个，${size}`,
  ],
  oldest: ['Oldest', '最早'],
  disk: ['Disk', '磁盘'],
  diskWords: [
    (free: string, total: string) => `${free} of ${total} free`,
    (free: string, total: string) => `剩余 ${free}，共 ${total}`,
  ],
  diskLabel: [
    (used: string, total: string) => `${used} of ${total} used`,
    (used: string, total: string) => `已用 ${used}，共 ${total}`,
  ],
  nearlyFull: [
    'The disk is nearly full: free some space, otherwise downloads of paid videos fail.',
    '磁盘即将用满：请释放空间，否则已付费视频的下载会失败。',
  ],
  readAt: ['Read', '读取时间'],
  rule: ['Old videos', '旧视频'],
  ruleNone: [
    'No rule: videos are kept. A schedule that deletes old ones is made in a terminal:',
    '没有规则：视频会一直保留。可在终端创建删除旧视频的定时任务：',
  ],
  ruleWords: [
    (age: string) => `Videos are deleted when they are older than ${age}`,
    (age: string) => `早于 ${age}的视频会被删除`,
  ],
  ruleSentence: [
    (parts: readonly string[]) => `${parts.join(', ')}.`,
    (parts: readonly string[]) => `${parts.join('，')}。`,
  ],
  ruleTag: [(tag: string) => `only with the tag "${tag}"`, (tag: string) => `仅限标签“${tag}”`],
  ruleModel: [
    (model: string) => `only of the model ${model}`,
    (model: string) => `仅限模型 ${model}`,
  ],
  ruleUnread: [
    (reason: string) => `The rule cannot be read: ${reason}`,
    (reason: string) => `无法读取规则：${reason}`,
  ],
  days: [(days: string) => `${days} days`, (days: string) => `${days} 天`],
  hours: [(hours: string) => `${hours} hours`, (hours: string) => `${hours} 小时`],
  ruleStop: ['This command ends the rule:', '以下命令会停止该规则：'],
  deletePreview: [
    'This command lists what it would delete. With `--yes` it deletes, and deleted videos cannot be restored. Claims are kept, so no key is paid twice.',
    '以下命令会列出将被删除的视频；加上 `--yes` 才会删除，且无法恢复。提交记录会保留，因此同一键不会重复付费。',
  ],
  leftovers: ['Leftovers', '残留文件'],
  noLeftovers: ['No unfinished files.', '没有未完成的文件。'],
  leftoversWords: [
    (count: string, size: string) => `${count} unfinished files, ${size}`,
    (count: string, size: string) => `${count} 个未完成的文件，${size}`,
  ],
  leftoversHint: [
    'Downloads under way have unfinished files, and killed workers leave some. A worker deletes at its start those that were not written for a day. This command does the same now:',
    '进行中的下载会有未完成的文件，被终止的工作进程也会留下一些。工作进程启动时会删除一天内没有写入的文件；以下命令可立即执行：',
  ],
  byDay: ['Stored by day', '按天存储'],
  dayChart: ['Stored a day, the last 30 days', '最近 30 天每天存储'],
  byModel: ['By model', '按模型'],
  model: ['Model', '模型'],
  day: ['Day (UTC)', '日期（UTC）'],
  size: ['Size', '大小'],
  unknownModel: ['unknown', '未知'],
  empty: ['No video is stored yet.', '还没有存储视频。'],
  asTable: ['Days as a table', '按天的表格'],
  moreDays: [
    (count: number) => `and ${count} older days`,
    (count: number) => `另有更早的 ${count} 天`,
  ],
  most: [(size: string) => `at most ${size}`, (size: string) => `最高 ${size}`],
  chartText: [
    (size: string, day: string) => `The highest is ${size}, on ${day}. The table has all numbers.`,
    (size: string, day: string) => `最高为 ${day} 的 ${size}。全部数字见表格。`,
  ],
  flatChart: ['Nothing was stored in the last 30 days.', '最近 30 天没有存储视频。'],
});

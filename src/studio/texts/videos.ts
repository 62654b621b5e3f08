import { textTable } from './in-language.ts';

/** Texts of the overview. */
export const overviewTexts = textTable({
  title: ['Videos', '视频'],
  decide: ['Needs a decision', '需要决定'],
  open: ['Running', '进行中'],
  stored: ['Done', '已完成'],
  ended: ['Failed or cancelled', '失败或已取消'],
  found: ['Videos found', '找到的视频'],
  nothing: ['There are no videos yet.', '还没有视频。'],
  nothingFound: ['No video matches.', '没有符合条件的视频。'],
  makeOne: ['Make the first one', '生成第一个视频'],
  older: ['Older', '更早的'],
  newest: ['Newest', '最新的'],
  searchedBackTo: [
    'The search for the tag stopped after 2,000 videos, at',
    '标签搜索在 2,000 个视频后停止，已搜索到',
  ],
  searchOn: ['Search older videos', '搜索更早的视频'],
  filters: ['Filter videos', '筛选视频'],
  phase: ['Phase', '阶段'],
  anyPhase: ['Any', '全部'],
  parts: ['Parts of this page', '本页各部分'],
  phases: ['Phases', '各阶段'],
  model: ['Model', '模型'],
  tag: ['Tag', '标签'],
  tenant: ['Tenant', '租户'],
  filter: ['Filter', '筛选'],
  clear: ['Clear', '清除'],
  since: ['since', '自'],
  whyUnresolved: [
    'The paid request was sent, and its outcome is unknown. A person has to decide.',
    '付费请求已发出，结果未知，需要人来决定。',
  ],
  whyOverdue: [
    'The deadline has passed. The job is still watched; nothing more is paid.',
    '已超过期限。任务仍在跟踪中，不会再次付费。',
  ],
  decideNow: ['Decide', '去决定'],
  look: ['Look', '查看'],
});

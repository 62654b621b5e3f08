import { textTable } from './in-language.ts';

/** Texts of the frame around all pages. */
export const commonTexts = textTable({
  videos: ['Videos', '视频'],
  newVideo: ['New video', '新建视频'],
  decisions: ['Decisions', '待决定'],
  batches: ['Batches', '批次'],
  schedules: ['Schedules', '定时任务'],
  spend: ['Spend', '费用'],
  storage: ['Storage', '存储'],
  events: ['Events', '事件'],
  skip: ['Skip to content', '跳到正文'],
  menu: ['Pages', '页面'],
  otherLanguage: ['中文', 'English'],
  signOut: ['Sign out', '退出登录'],
  live: ['Live', '实时更新'],
  disconnected: ['Not connected; this page is not new', '连接已断开，本页不是最新'],
  problem: ['Cannot be read at the moment; this page is not new', '暂时无法读取，本页不是最新'],
  ended: ['This will not change any more', '已结束，不再变化'],
  gone: ['This is no longer there', '内容已不存在'],
  reconnecting: ['Connecting again', '正在重新连接'],
  notFound: ['Not found', '未找到'],
  noSuchPage: ['There is no such page.', '没有这个页面。'],
  error: ['This did not work', '操作未成功'],
  toOverview: ['Back to the videos', '返回视频列表'],
  requestId: [(id: string) => `Request id: ${id}`, (id: string) => `请求编号：${id}`],
});

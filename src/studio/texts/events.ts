import { textTable } from './in-language.ts';

/** Texts of the page about webhooks. */
export const eventsTexts = textTable({
  title: ['Events', '事件'],
  endpoints: ['Endpoints', '端点'],
  noEndpoints: [
    'No webhook endpoint yet. One is added in a terminal, which shows its secret once:',
    '还没有 webhook 端点。请在终端添加，其密钥只显示一次：',
  ],
  endpoint: ['Endpoint', '端点'],
  target: ['Target', '目标'],
  callbacks: [
    (host: string) => `callback_url of requests, to ${host}`,
    (host: string) => `请求的 callback_url，发往 ${host}`,
  ],
  owner: ['Receives', '接收'],
  ownerAll: ['events of all videos and batches', '所有视频和批次的事件'],
  ownerNone: ['videos that no tenant owns', '不属于任何租户的视频'],
  ownerTenant: [
    (tenant: string) => `events of the tenant ${tenant}`,
    (tenant: string) => `租户 ${tenant} 的事件`,
  ],
  types: ['Types', '类型'],
  allTypes: ['all', '全部'],
  state: ['Last deliveries', '最近投递'],
  noDeliveries: ['none', '无'],
  rotating: ['two secrets: a rotation is not finished', '两个密钥：轮换尚未完成'],
  test: ['Send a test event', '发送测试事件'],
  deliveries: ['Deliveries', '投递'],
  noDelivery: [
    'No delivery found. Temporal has them as long as its namespace keeps what has ended.',
    '没有投递记录。Temporal 只在命名空间保留期内保存已结束的记录。',
  ],
  unread: [
    (reason: string) => `The deliveries cannot be read: ${reason}`,
    (reason: string) => `无法读取投递记录：${reason}`,
  ],
  started: ['Started', '开始'],
  event: ['Event', '事件'],
  deliveryState: ['State', '状态'],
  attempts: [
    (count: number) => (count === 1 ? '1 attempt' : `${count} attempts`),
    (count: number) => `尝试 ${count} 次`,
  ],
  next: ['Next attempt:', '下次尝试：'],
  action: ['Again', '重发'],
  replay: ['Send again', '再次发送'],
  unreadable: ['unreadable', '无法读取'],
  waiting: ['waiting', '等待中'],
  running: ['running', '投递中'],
  delivered: ['delivered', '已送达'],
  failed: ['failed', '失败'],
  stopped: ['stopped', '已停止'],
  events: ['Newest events', '最新事件'],
  noEvents: [
    'No event yet. Events are recorded while there is an endpoint for them, and kept for 30 days.',
    '还没有事件。只有存在对应端点时才会记录事件，并保留 30 天。',
  ],
  created: ['Time', '时间'],
  type: ['Type', '类型'],
  about: ['About', '关于'],
  tenant: ['Tenant', '租户'],
  targets: ['Endpoints', '端点'],
  replayAll: ['Send to all of them again', '向全部端点重发'],
  sent: [
    (count: number) =>
      count === 1 ? 'One delivery was started.' : `${count} deliveries were started.`,
    (count: number) => `已开始 ${count} 次投递。`,
  ],
  showAll: ['All endpoints', '全部端点'],
  onlyOf: [(endpoint: string) => `Only ${endpoint}`, (endpoint: string) => `仅 ${endpoint}`],
});

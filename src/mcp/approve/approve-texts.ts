/** Languages of the page. */
export type Lang = 'en' | 'zh';

/** Texts of the page that approves a quote: English and Chinese side by side. */
const table = {
  ask: ['Approve this video?', '批准制作此视频？'],
  intro: [
    'An agent wants to make this video. It is paid only if you approve it.',
    '智能体想要制作此视频。只有在您批准后才会付费。',
  ],
  prompt: ['Prompt', '提示词'],
  noPrompt: ['none', '无'],
  promptCut: ['The prompt is longer than what is shown.', '提示词过长，此处未完整显示。'],
  model: ['Model', '模型'],
  makes: ['Result', '成片'],
  media: ['Input files', '输入文件'],
  hosts: ['Hosts of its addresses', '所含地址的主机'],
  fields: ['Other fields', '其他字段'],
  fieldsCut: ['The fields are longer than what is shown.', '字段过长，此处未完整显示。'],
  tenant: ['Tenant', '租户'],
  cost: ['Highest cost', '最高费用'],
  priceOwn: [
    'by the prices of this server (GATEWAY_PRICES)',
    '按本服务器配置的价格（GATEWAY_PRICES）',
  ],
  priceListed: ['by the price list of the gateway of $', '按网关 $ 的价目表'],
  priceRecorded: [
    'by the recorded price list of $; the gateway may have changed its prices since',
    '按 $ 记录的价目表；此后网关可能已调整价格',
  ],
  costUnknown: [
    'Not known: there is no price for this request. You would approve any cost.',
    '未知：此请求没有价格信息。批准即表示接受任意费用。',
  ],
  expires: ['Expires', '有效期至'],
  key: ['API key of this tenant', '此租户的 API 密钥'],
  keyNote: [
    'The one with which the agent’s host connects to this server. Do not give it to the agent.',
    '即智能体宿主程序连接本服务器所用的密钥。请勿将其提供给智能体。',
  ],
  approve: ['Approve and pay', '批准并付费'],
  otherwise: [
    'To refuse, close this page: nothing is made.',
    '如不批准，请关闭此页面：不会制作任何视频。',
  ],
  wrongKey: [
    'This is not an active API key of the tenant of this quote. Nothing was approved.',
    '这不是该报价所属租户的有效 API 密钥。未批准任何内容。',
  ],
  approved: ['Approved', '已批准'],
  approvedNote: [
    'Go back to your agent and let it continue: it may make this video once.',
    '请回到智能体并让它继续：它可以制作此视频一次。',
  ],
  used: ['Approved and used', '已批准并已使用'],
  usedNote: [
    'The video of this quote was started. The approval is used up.',
    '此报价的视频已开始制作，该批准已用完。',
  ],
  standing: ['Started without asking', '未经询问已开始'],
  standingNote: [
    'The video of this quote was started under the standing permission of this server. It needs no approval.',
    '此报价的视频已根据服务器的长期授权开始制作，无需批准。',
  ],
  expired: ['This quote has expired', '此报价已过期'],
  expiredNote: [
    'Nothing more is made or paid for it. Ask your agent for a new quote.',
    '不会再为其制作视频或付费。请让智能体重新报价。',
  ],
  unknown: ['There is no such quote', '没有此报价'],
  unknownNote: [
    'The link is not complete, or its quote was removed. Ask your agent for a new quote.',
    '链接不完整，或报价已被删除。请让智能体重新报价。',
  ],
  refused: ['This request was refused', '请求被拒绝'],
  refusedNote: [
    'Nothing was approved. Open this page again.',
    '未批准任何内容。请重新打开此页面。',
  ],
  depends: ['depends on the channel', '取决于渠道'],
  auto: ['chosen by the vendor', '由供应商决定'],
  length: ['length', '时长'],
  seconds: ['s', ' 秒'],
  resolution: ['resolution', '分辨率'],
  ratio: ['shape', '画面比例'],
  sound: ['sound', '声音'],
  soundOn: ['with sound', '有声'],
  soundOff: ['without sound', '无声'],
  firstFrame: ['first frame', '首帧'],
  lastFrame: ['last frame', '尾帧'],
  reference: ['reference', '参考'],
  video: ['video', '视频'],
  audio: ['audio', '音频'],
  comma: [', ', '，'],
  notKnown: ['not known', '未知'],
  left: ['in about $ min', '约 $ 分钟后'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

/** The texts in one language. */
export type ApproveTexts = Readonly<Record<keyof typeof table, string>>;

/** @param lang Of the page. */
export function approveTexts(lang: Lang): ApproveTexts {
  const at = lang === 'zh' ? 1 : 0;
  return Object.fromEntries(
    Object.entries(table).map(([name, texts]) => [name, texts[at]]),
  ) as ApproveTexts;
}

/** The language of a browser, by its `Accept-Language`: the first one that the page has. */
export function languageOf(header = ''): Lang {
  const wanted = header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const [, q = '1'] = /^\s*q=([\d.]+)/.exec(parameters.join(';')) ?? [];
      return { lang: tag.slice(0, 2), q: Number(q) };
    })
    .filter(({ lang, q }) => (lang === 'en' || lang === 'zh') && q > 0)
    .toSorted((one, other) => other.q - one.q);
  return wanted[0]?.lang === 'zh' ? 'zh' : 'en';
}

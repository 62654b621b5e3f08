/** A vendor family: determines course, price, request rules and body shapes of a job. */
export type Family =
  | 'kling'
  | 'jimeng'
  | 'vidu'
  | 'sora'
  | 'ali'
  | 'hailuo'
  | 'doubao'
  | 'gemini'
  | 'plugin';

/** A family in the gateway's rows and price list. */
export interface FamilyTraits {
  platform: string;
  channelId: number;
  ownedBy: string;
  action: string;
  /** Quota per job, or per second of video when `perSecond`. */
  price: number;
  perSecond: boolean;
}

/** Quotas and platform numbers as recorded in the wire samples; `plugin` is made up. */
export const familyTraits = {
  kling: traits(['50', 1, 'kling'], 'textGenerate', 70_000),
  jimeng: traits(['51', 2, 'jimeng'], 'generate', 100_000),
  vidu: traits(['52', 3, 'vidu'], 'textGenerate', 150_000),
  sora: { ...traits(['55', 4, 'sora'], 'textGenerate', 50_000), perSecond: true },
  ali: { ...traits(['17', 5, 'ali'], 'textGenerate', 25_000), perSecond: true },
  doubao: traits(['54', 6, 'doubaovideo'], 'generate', 750_000),
  hailuo: traits(['35', 7, 'minimax'], 'generate', 125_000),
  gemini: { ...traits(['24', 9, 'google gemini'], 'textGenerate', 80_000), perSecond: true },
  plugin: { ...traits(['1', 11, '88api'], 'generate', 60_000), perSecond: true },
} as const satisfies Record<Family, FamilyTraits>;

/** All model ids of the sandbox, compared byte for byte. */
export const models: ReadonlyMap<string, Family> = new Map<string, Family>([
  ...ids('kling', ['kling-v1', 'kling-v1-6', 'kling-v2-master']),
  ...ids('jimeng', ['jimeng_vgfm_t2v_l20', 'jimeng_vgfm_i2v_l20', 'jimeng_v30', 'jimeng_v30_pro']),
  ...ids('vidu', ['viduq1', 'vidu2.0', 'vidu1.5']),
  ...ids('sora', ['sora-2', 'sora-2-pro']),
  ...ids('ali', ['wan2.2-t2v-plus', 'wan2.5-t2v-preview', 'wan2.5-i2v-preview']),
  ...ids('hailuo', ['MiniMax-Hailuo-02', 'MiniMax-Hailuo-2.3']),
  ...ids('doubao', ['doubao-seedance-1-0-pro-250528', 'doubao-seedance-2-0']),
  ...ids('gemini', [
    'veo-3.0-generate-001',
    'veo-3.0-fast-generate-001',
    'veo-3.1-generate-preview',
    'veo-3.1-fast-generate-preview',
  ]),
  ...ids('plugin', [
    'gemini-omni-flash',
    'grok-imagine-video',
    'grok-imagine-video-1.5',
    ...['720p', '1080p', '2k', '4k'].map((size) => `kling-3.0-turbo-${size}`),
    'minimax-h3-768p',
    ...['480P', '720P', '1080P', '4k'].map((size) => `SD2.0 ${size}`),
    ...['480P', '720P', '1080P'].map((size) => `SD2.5 ${size}`),
    'Seedance-2.0-720p官方版',
    'Seedance-2.0-fast-720p官方版',
    'Seedance-2.5-720p官方版',
    'seedance-2.0-mini-480p',
    'seedance-2.0-mini-720p',
    'veo-3.1',
    'veo-3.1-fast',
    ...['480p', '720p', '1080p'].map((size) => `wan3.0-video-${size}`),
  ]),
]);

/**
 * Body of `GET /v1/models`.
 *
 * @param plugins Ids that plugins serve.
 * @param allowed Models that the API key may use. Default: all.
 */
export function modelList(plugins: readonly string[] = [], allowed?: readonly string[]): unknown {
  const added = plugins.filter((id) => !models.has(id)).map((id) => [id, 'plugin'] as const);
  const listed = [...models, ...added].filter(([id]) => allowed?.includes(id) ?? true);
  const data = listed.map(([id, family]) => ({
    id,
    object: 'model',
    created: 1626777600,
    owned_by: familyTraits[family].ownedBy,
    type: 'video',
    supported_endpoint_types: family === 'sora' ? ['openai-video'] : ['openai'],
  }));
  return { data, object: 'list', success: true };
}

function traits(
  [platform, channelId, ownedBy]: [platform: string, channelId: number, ownedBy: string],
  action: string,
  price: number,
): FamilyTraits {
  return { platform, channelId, ownedBy, action, price, perSecond: false };
}

function ids(family: Family, names: string[]): [string, Family][] {
  return names.map((name) => [name, family]);
}

import type { GatewayWords } from './gateway-words.ts';

/** The topic of a fault, for cases that status and code alone do not determine. */
export type Topic = 'moderation' | 'limit' | 'quota' | 'operator' | 'submitted' | 'model';

/**
 * True if a fault is about a topic. Codes are checked first. Texts depend on language and version, so they are matched
 * only where both interpretations are equally safe for billing.
 */
export function speaksOf(topic: Topic, { code, innerCode, message }: GatewayWords): boolean {
  const { codes, text } = topics[topic];
  return [code, innerCode, message].some(
    (words) =>
      words !== undefined && (codes.test(words) || (words === message && text.test(words))),
  );
}

const topics: Record<Topic, { codes: RegExp; text: RegExp }> = {
  moderation: {
    // OpenAI, Doubao, Ali, Vidu; Jimeng 504xx/505xx; Hailuo 1026, 1027.
    codes:
      /^(moderation_blocked|content_policy\w*|content_filter|sensitive\w*|\w*SensitiveContent\w*|DataInspectionFailed|AuditSubmitIllegal|50411|50412|50413|50511|50512|50513|1026|1027)$/,
    text: /moderat|nsfw|sensitive|inappropriate|safety system|content policy|risk (not pass|control)|DataInspectionFailed|审核|敏感|违规|风险/i,
  },
  limit: {
    codes: /^(50429|50430|rate_limit_exceeded|Throttling[\w.]*)$/,
    text: /rate.?limit|api limit|too many requests|throttl|concurren|\bqps\b|限流|频率|并发|繁忙/i,
  },
  quota: {
    codes:
      /^(insufficient_user_quota|pre_consume_token_quota_failed|insufficient_quota|billing_hard_limit_reached)$/,
    text: /quota|balance|额度|余额/i,
  },
  // The vendor rejects the gateway operator: Hailuo 1004, 1008, 2049; Kling 1000–1004, 1100–1103; Ali, Doubao, Vidu.
  operator: {
    codes:
      /^(1000|1002|1003|1004|1008|1100|1101|1102|1103|2049|Arrearage|InvalidApiKey|invalid_api_key|AccountOverdueError|CreditInsufficient|insufficient_quota|billing_hard_limit_reached)$/,
    text: /insufficient.{0,10}(balance|credit|quota)|(balance|credit)s? (is |are )?(not enough|insufficient)|arrear|overdue|incorrect api key|invalid api.?key|欠费|余额不足/i,
  },
  // According to the vendor's message, a job exists or may exist.
  submitted: {
    codes: /^$/,
    text: /勿重复提交|无需重新提交/,
  },
  // The API key is limited to other models.
  model: {
    codes: /^$/,
    text: /no access to (model|any model)|无权访问(任何)?模型/i,
  },
};

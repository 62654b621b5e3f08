import { textTable } from './in-language.ts';

/** Texts of the login. */
export const accessTexts = textTable({
  signIn: ['Sign in', '登录'],
  intro: [
    'The studio shows the videos of all tenants and changes what may be spent. It needs the API key of an operator.',
    '工作室会显示所有租户的视频，并可更改费用上限，因此需要运维人员的 API 密钥。',
  ],
  key: ['API key', 'API 密钥'],
  makeKey: ['This command makes such a key:', '用以下命令创建这样的密钥：'],
  refused: [
    'This API key does not open the studio: it is unknown, revoked, or not one of an operator.',
    '此 API 密钥无法打开工作室：密钥未知、已撤销，或不属于运维人员。',
  ],
  tooMany: [
    (seconds: number) => `Too many attempts from this address. Try again in ${seconds} s.`,
    (seconds: number) => `来自此地址的尝试过多，请在 ${seconds} 秒后重试。`,
  ],
  opening: ['Opening the studio', '正在打开工作室'],
  follow: ['Continue to the studio', '继续前往工作室'],
});

import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { langs, type Lang } from '../texts/in-language.ts';

const cookieName = 'onetake_lang';
const maxAgeSeconds = 31_536_000;

/** The language of a request: that of the cookie, otherwise the browser's. */
export function languageOf(context: Context): Lang {
  const chosen = langs.find((lang) => lang === getCookie(context, cookieName));
  if (chosen) return chosen;
  // Browsers send their languages in order of preference.
  const [first = ''] = (context.req.header('accept-language') ?? '').split(',');
  return first.trim().toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** Keeps a choice. It is no secret, and nothing depends on it. */
export function keepLanguage(context: Context, lang: Lang): void {
  setCookie(context, cookieName, lang, {
    path: '/studio',
    sameSite: 'Lax',
    httpOnly: true,
    maxAge: maxAgeSeconds,
  });
}

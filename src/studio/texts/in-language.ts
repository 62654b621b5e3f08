/** Languages of the pages. */
export const langs = ['en', 'zh'] as const;
/** One of {@link langs}. */
export type Lang = (typeof langs)[number];

/** A text in both languages, or a function that makes it. */
type Entry = readonly [en: unknown, zh: unknown];
type Table = Readonly<Record<string, Entry>>;

/** The texts of a table in one language. */
export type TextsOf<T extends Table> = { readonly [Name in keyof T]: T[Name][number] };

/** Declares a table of texts: English and Chinese side by side. */
export function textTable<
  const T extends Readonly<
    Record<
      string,
      | readonly [string, string]
      | readonly [(...args: never[]) => string, (...args: never[]) => string]
    >
  >,
>(table: T): T {
  return table;
}

/** The texts of one language. */
export function inLanguage<T extends Table>(table: T, lang: Lang): TextsOf<T> {
  const index = langs.indexOf(lang);
  return Object.fromEntries(
    Object.entries(table).map(([name, texts]) => [name, texts[index]]),
  ) as TextsOf<T>;
}

/** Ids that end so are those of takes, and of the claims of resubmits. */
const reservedEnding = /\/(take|resubmit)-\d+$/;

/**
 * Why a text cannot be the key of a video, or null: the same rules for the client, the command line and manifests.
 *
 * @param within What stands before the key in the id, e.g. the name of a batch and a slash.
 */
export function keyProblem(key: string, within = ''): string | null {
  const problem = textProblem(key);
  if (problem !== null) return problem;
  const ending = endingOf(within + key);
  return ending === null ? null : reserved(ending);
}

/** The same of the id of a video, without its prefix: one that ends like a take is that of a take. */
export function idProblem(id: string): string | null {
  return textProblem(id) ?? (isResubmitId(id) ? reserved('resubmit') : null);
}

function textProblem(key: string): string | null {
  if (key.trim() === '') return 'must not be empty';
  if (key.trim() !== key) return 'has spaces at its ends: remove them';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(key))
    return 'holds a line break or an invisible character';
  return /\p{Cs}/u.test(key) ? 'holds half a character' : null;
}

function reserved(ending: string): string {
  return `ends like a ${ending} of another video: choose another end`;
}

/** Tells whether an id is that of the claim of a resubmit, which no video of its own may have. */
export function isResubmitId(id: string): boolean {
  return endingOf(id) === 'resubmit';
}

/**
 * The spellings that one key may have been written in, the one of today (NFC) first: "é" is one character or two, and
 * both are the same key. Earlier versions took each spelling for a key of its own.
 */
export function spellingsOf(text: string): [string, ...string[]] {
  const composed = text.normalize('NFC');
  const others = new Set([text, text.normalize('NFD')]);
  others.delete(composed);
  return [composed, ...others];
}

function endingOf(id: string): string | null {
  return reservedEnding.exec(id)?.[1] ?? null;
}

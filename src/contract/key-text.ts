/** Reserved for ids of takes and for claims of resubmits. */
const reservedEnding = /\/(take|resubmit)-\d+$/;

/**
 * Why a text is not a valid key, or null. The rules are the same for the client, the command line and manifests.
 *
 * @param within Prefix of the key in the id, e.g. the name of a batch and a slash.
 */
export function keyProblem(key: string, within = ''): string | null {
  const problem = textProblem(key);
  if (problem !== null) return problem;
  const ending = endingOf(within + key);
  return ending === null ? null : reserved(ending);
}

/** The same for a video id without its prefix, which may end like a take. */
export function idProblem(id: string): string | null {
  return textProblem(id) ?? (isResubmitId(id) ? reserved('resubmit') : null);
}

function textProblem(key: string): string | null {
  if (key.trim() === '') return 'must not be empty';
  if (key.trim() !== key) return 'has leading or trailing spaces: remove them';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(key))
    return 'contains a line break or an invisible character';
  return /\p{Cs}/u.test(key) ? 'contains a lone surrogate' : null;
}

function reserved(ending: string): string {
  return `ends like a ${ending} of another video: use another ending`;
}

/** Whether an id is reserved for the claim of a resubmit. */
export function isResubmitId(id: string): boolean {
  return endingOf(id) === 'resubmit';
}

/**
 * The Unicode spellings of a key, NFC first: "é" is one code point or two, and both are the same key. Earlier versions
 * treated each spelling as a separate key.
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

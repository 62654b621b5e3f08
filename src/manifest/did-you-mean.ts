/** The known word that was probably meant, in words for the end of a message; nothing when none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate) }))
    .filter((found) => found.distance <= (found.candidate.length < 5 ? 1 : 2))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0] === undefined ? '' : `; did you mean "${near[0].candidate}"?`;
}

/** Levenshtein; a very long word is near to nothing. */
function distance(from: string, to: string): number {
  if (from.length > to.length * 2) return Infinity;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let at = 0; at < to.length; at += 1) {
      const swap = (row[at] ?? 0) + (letter === to[at] ? 0 : 1);
      next.push(Math.min(swap, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? Infinity;
}

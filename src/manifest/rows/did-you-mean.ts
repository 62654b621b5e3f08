/** More than that is a list to search, not a suggestion. */
const mostNames = 2;
/** Of a shorter beginning, too many names share it. */
const leastBeginning = 3;

/** The known words that were probably meant, in words for the end of a message; nothing when none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const names = nearest(word.toLowerCase(), known).slice(0, mostNames);
  if (names.length === 0) return '';
  return `; did you mean ${names.map((name) => `"${name}"`).join(' or ')}?`;
}

/** By the number of letters that differ; where all differ in many, those that begin with the word. */
function nearest(word: string, known: readonly string[]): string[] {
  const near = known
    .map((name) => ({ name, letters: distance(word, name.toLowerCase()) }))
    .filter(({ name, letters }) => letters <= allowed(name))
    .toSorted((a, b) => a.letters - b.letters);
  if (near.length > 0) return near.map(({ name }) => name);
  if (word.length < leastBeginning) return [];
  return known.filter((name) => name.toLowerCase().startsWith(word));
}

function allowed({ length }: string): number {
  return length < 5 ? 1 : Math.max(2, Math.floor(length / 6));
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

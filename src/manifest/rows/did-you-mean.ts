/** The most names that are suggested. */
const mostNames = 2;
/** The shortest prefix to match by; too many names share a shorter one. */
const leastBeginning = 3;

/** Returns a suggestion of similar known words for the end of a message. Empty if none is similar. */
export function didYouMean(word: string, known: readonly string[]): string {
  const names = nearest(word.toLowerCase(), known).slice(0, mostNames);
  if (names.length === 0) return '';
  return `; did you mean ${names.map((name) => `"${name}"`).join(' or ')}?`;
}

/** The known words within a small edit distance, closest first. If there are none, those that begin with the word. */
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

/** Levenshtein distance. Infinite if `from` is more than twice as long as `to`. */
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

/** The word that was probably meant: the one that shares the most pairs of letters; null for none. */
export function likelyWord(words: readonly string[], given: string): string | null {
  const likely = words
    .map((candidate) => ({ candidate, score: likeness(candidate, given) }))
    .sort((a, b) => b.score - a.score)[0];
  return likely === undefined || likely.score < 0.6 ? null : likely.candidate;
}

/** `; did you mean x?`, to end a sentence with, or nothing where no word is near. */
export function didYouMean(words: readonly string[], given: string): string {
  const likely = likelyWord(words, given);
  return likely === null ? '' : `; did you mean ${likely}?`;
}

/** The share of pairs of neighbouring letters that two words have in common, 0 to 1 (Dice). */
function likeness(a: string, b: string): number {
  const pairs = (word: string): string[] =>
    Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2));
  const left = pairs(a);
  const right = pairs(b);
  const both = left.filter((pair) => right.includes(pair)).length;
  return (2 * both) / Math.max(1, left.length + right.length);
}

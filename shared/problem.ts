declare const told: unique symbol;

/**
 * What is wrong with something that was written, or with where it is to be used, as a sentence or the end
 * of one, with its remedy. Only a table of problems makes one, so each can be listed, and tests see that
 * each is told.
 */
export type Problem = string & { readonly [told]: true };

/** What a sentence of a table is filled with. */
export type Part = string | number;

/** What stands between what is wrong and what to do. */
type Joint = ': ' | '; ' | ', ';

/** The two halves of a sentence: what is wrong, and what to do about it. None can be left out. */
export type Sentence = readonly [fault: string, remedy: `${Joint}${string}`];

type Text = (...parts: never[]) => Sentence;
type Texts = Readonly<Record<string, Text>>;

/** Makes a problem of the parts that its sentence names; `halves` is the sentence as it stands in the table. */
export type Told<T extends Text> = ((...parts: Parameters<T>) => Problem) & { readonly halves: T };

/** Sentences by their ids. */
export type Problems<T extends Texts> = { readonly [Id in keyof T]: Told<T[Id]> };

/** Makes a table of problems. A half is one template: it has no branches, and each part appears as it is. */
export function problemTable<const T extends Texts>(texts: T): Problems<T> {
  const told = Object.entries(texts).map(
    ([id, halves]) =>
      [id, Object.assign((...parts: never[]) => halves(...parts).join(''), { halves })] as const,
  );
  return Object.fromEntries(told) as unknown as Problems<T>;
}

/** A problem behind what it is about: where it was written, or the text that has it. */
export function within(about: string, problem: Problem, link = ': '): Problem {
  return `${about}${link}${problem}` as Problem;
}

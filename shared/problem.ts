declare const told: unique symbol;

/**
 * What is wrong with something that was written, as a sentence or the end of one, with its remedy. Only a
 * table of problems makes one, so each can be listed, and tests see that each is told.
 */
export type Problem = string & { readonly [told]: true };

/** What a sentence of a table is filled with. */
export type Part = string | number;

type Texts = Readonly<Record<string, (...parts: never[]) => string>>;

/** Sentences by their ids, each a function of the parts that it names. */
export type Problems<T extends Texts> = {
  readonly [Id in keyof T]: (...parts: Parameters<T[Id]>) => Problem;
};

/** Makes a table of problems. A text is one template: it has no branches, and each part appears as it is. */
export function problemTable<const T extends Texts>(texts: T): Problems<T> {
  return texts as unknown as Problems<T>;
}

/** A problem behind what it is about: where it was written, or the text that has it. */
export function within(about: string, problem: Problem, link = ': '): Problem {
  return `${about}${link}${problem}` as Problem;
}

import type { Model } from './model.js';
import { PROMPT_COMMANDS } from './prompt-commands.js';

/** The words that may stand where the text ends, those that begin as it does. */
export function candidates(model: Model, text: string): readonly string[] {
  const words = text.split(' ');
  const begun = (words.at(-1) ?? '').toLowerCase();
  const before = words.slice(0, -1).filter(Boolean);
  const [name, ...given] = before;
  const possible =
    name === undefined
      ? PROMPT_COMMANDS.map((command) => command.name)
      : (PROMPT_COMMANDS.find((command) => command.name === name.toLowerCase())?.words(
          model,
          given,
          begun,
        ) ?? []);
  return possible.filter((word) => word.toLowerCase().startsWith(begun));
}

/** The text as far as all candidates agree; a single one is a whole word. */
export function completed(text: string, words: readonly string[]): string {
  const [first] = words;
  if (first === undefined) return text;
  const kept = text.slice(0, text.lastIndexOf(' ') + 1);
  if (words.length === 1) return `${kept}${first} `;
  let length = 0;
  while (length < first.length && words.every((word) => word[length] === first[length])) length++;
  return kept + first.slice(0, length);
}

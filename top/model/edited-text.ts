import { sanitize } from './sanitize.js';

/** A text that is typed. The cursor is told from the end, so that a text without one has it there. */
export interface Edited {
  readonly text: string;
  /** Characters behind the cursor. */
  readonly after?: number;
}

/** Before and behind the cursor. */
export function partsOf({ text, after = 0 }: Edited): readonly [before: string, behind: string] {
  const place = text.length - Math.min(after, text.length);
  return [text.slice(0, place), text.slice(place)];
}

const joined = (before: string, behind: string): Required<Edited> => ({
  text: before + behind,
  after: behind.length,
});

/** What each key makes of what is before and behind the cursor. */
const EDITS: Readonly<Record<string, (before: string, behind: string) => Required<Edited>>> = {
  backspace: (before, behind) => joined(before.slice(0, -1), behind),
  delete: (before, behind) => joined(before, behind.slice(1)),
  'ctrl-u': (_, behind) => joined('', behind),
  'ctrl-k': (before) => joined(before, ''),
  'ctrl-w': (before, behind) => joined(before.replace(/\S*\s*$/, ''), behind),
  left: (before, behind) => joined(before.slice(0, -1), before.slice(-1) + behind),
  right: (before, behind) => joined(before + behind.slice(0, 1), behind.slice(1)),
  home: (before, behind) => joined('', before + behind),
  end: (before, behind) => joined(before + behind, ''),
  'ctrl-a': (before, behind) => joined('', before + behind),
  'ctrl-e': (before, behind) => joined(before + behind, ''),
  space: (before, behind) => joined(`${before} `, behind),
};

/** A text after a key that edits it or moves its cursor; null when the key does neither. */
export function editedBy(edited: Edited, key: string): Required<Edited> | null {
  const [before, behind] = partsOf(edited);
  const edit = Object.hasOwn(EDITS, key) ? EDITS[key] : undefined;
  if (edit !== undefined) return edit(before, behind);
  // A printable character is its own name; every other key has a longer one.
  return /^.$/u.test(key) ? inserted(edited, sanitize(key)) : null;
}

/** The text with more at the cursor. */
export function inserted(edited: Edited, more: string): Required<Edited> {
  const [before, behind] = partsOf(edited);
  return joined(before + more, behind);
}

/** The text within a limit; what is too much is taken away at its end. */
export function limited({ text, after = 0 }: Edited, limit: number): Edited {
  const short = text.slice(0, limit);
  const behind = Math.max(0, after - (text.length - short.length));
  return behind === 0 ? { text: short } : { text: short, after: behind };
}

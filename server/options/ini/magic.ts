/** What stands for a magic letter: `%d` the folder of the file, `%n` its name; uWSGI's are in the docs. */
export type Magic = ReadonlyMap<string, string>;

/** A line after `%x` was replaced, and what is to be said of it. */
export interface Replaced {
  readonly text: string;
  /** Letters that stand for nothing: in uWSGI they vanish, with their percent sign. */
  readonly unknown: readonly string[];
  /** A single percent sign ends it, which would be joined to what follows. */
  readonly isOpen: boolean;
}

/**
 * Replaces `%x` by what `x` stands for, `%%` by a percent sign, and leaves `%(` for references, as
 * uWSGI does to the text of a file before it looks for lines in it.
 */
export function replaceMagic(line: string, magic: Magic): Replaced {
  const unknown: string[] = [];
  let isOpen = false;
  const text = line.replace(/%([^]?)/gu, (whole, letter: string) => {
    if (letter === '') isOpen = true;
    if (letter === '%') return '%';
    if (letter === '(') return whole;
    const value = magic.get(letter);
    if (value === undefined) unknown.push(whole);
    return value ?? '';
  });
  return { text, unknown, isOpen };
}

/** What the letters that speak of a file are made from. */
export interface Place {
  /** As it was given. */
  readonly given: string;
  /** Absolute, without links. */
  readonly path: string;
  /** The section that was asked for, empty if none was. */
  readonly section: string;
  readonly inode: string;
}

/**
 * The letters of a file and of the first file that led to it. uWSGI has capitals for the first one's
 * figures, among them `%V`, `%T`, `%U` and `%G`, which are something else.
 */
export function magicOf(file: Place, first: Place, machine: Magic): Magic {
  const capitals = [...lettersOf(first)].map(([letter, value]) => [letter.toUpperCase(), value]);
  const folders = file.path.split('/').slice(1, -1).slice(0, 10);
  return new Map([
    ...(capitals as [string, string][]),
    ...lettersOf(file),
    ...folders.map((name, index): [string, string] => [String(index), name]),
    ...machine,
    ['[', '\u001b'],
  ]);
}

function lettersOf({ given, path, section, inode }: Place): Magic {
  const slash = path.lastIndexOf('/');
  const folder = path.slice(0, slash + 1);
  const name = path.slice(slash + 1);
  const dot = name.lastIndexOf('.');
  return new Map([
    ['o', given],
    ['p', path],
    ['d', folder],
    ['c', folder.split('/').at(-2) ?? ''],
    ['s', name],
    ['n', dot < 0 ? name : name.slice(0, dot)],
    ['e', dot < 0 ? '' : name.slice(dot + 1)],
    ['x', section],
    ['i', inode],
    ['j', hashOf(path)],
  ]);
}

/** uWSGI's hash of a path (DJB's, times 33 and xor), as it lies in the memory of most machines. */
function hashOf(path: string): string {
  const hash = Buffer.alloc(4);
  let value = 5381;
  for (const byte of Buffer.from(path)) value = (Math.imul(value, 33) ^ byte) >>> 0;
  hash.writeUInt32LE(value);
  return hash.toString('hex').toUpperCase();
}

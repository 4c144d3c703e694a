/** A folder's entries; none if it cannot be read. */
export type ListFolder = (
  folder: string,
) => readonly { readonly name: string; readonly isFolder: boolean }[];

/**
 * The paths that a pattern of glob(7) stands for, in the order of their bytes: `*`, `?` and `[…]`,
 * none of which matches a slash or a dot at the beginning. Folders end in a slash, and a pattern that
 * nothing matches stands for itself (GLOB_MARK and GLOB_NOCHECK of glob(3)).
 */
export function globPaths(pattern: string, list: ListFolder): readonly string[] {
  const parts = pattern.split('/').filter((part) => part !== '');
  const folderOnly = pattern.endsWith('/');
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const [index, part] of parts.entries()) {
    const anything = index === parts.length - 1 && !folderOnly;
    found = found.flatMap((folder) => below(folder, part, list, anything));
  }
  const paths = found.filter((path) => path !== '');
  if (paths.length === 0) return [pattern];
  return paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function below(folder: string, part: string, list: ListFolder, files: boolean): string[] {
  if (part === '.' || part === '..') return [`${folder}${part}/`];
  const pattern = patternOf(part);
  return list(folder === '' ? '.' : folder)
    .filter(({ name, isFolder }) => (files || isFolder) && pattern.test(name))
    .map(({ name, isFolder }) => `${folder}${name}${isFolder ? '/' : ''}`);
}

/** A part of a pattern between two slashes. */
function patternOf(part: string): RegExp {
  const source = part.replace(
    /\[!?\]?[^\]]*\]|\\.|[^]/gu,
    (token) =>
      WILDCARDS[token] ??
      (token.length > 2 && token.startsWith('[') ? setOf(token) : literal(token)),
  );
  return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 'su');
}

const WILDCARDS: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };

function setOf(token: string): string {
  const inside = token.slice(1, -1);
  const not = inside.startsWith('!');
  const members = (not ? inside.slice(1) : inside).replace(/([^])-([^])|[^]/gu, memberOf);
  return `[${not ? '^' : ''}${members}]`;
}

/** A letter, or a range, which holds nothing where its ends are the wrong way round. */
function memberOf(whole: string, from?: string, to?: string): string {
  if (from === undefined || to === undefined) return codeOf(whole);
  return from <= to ? `${codeOf(from)}-${codeOf(to)}` : '';
}

function codeOf(letter: string): string {
  return `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`;
}

function literal(token: string): string {
  const letter = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
  return letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

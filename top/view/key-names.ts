const NAMES = new Map<string, readonly [unicode: string, ascii: string]>([
  ['up', ['↑', 'Up']],
  ['down', ['↓', 'Down']],
  ['left', ['←', 'Left']],
  ['right', ['→', 'Right']],
  ['pageup', ['PgUp', 'PgUp']],
  ['pagedown', ['PgDn', 'PgDn']],
  ['home', ['Home', 'Home']],
  ['end', ['End', 'End']],
  ['escape', ['Esc', 'Esc']],
  ['enter', ['Enter', 'Enter']],
  ['tab', ['Tab', 'Tab']],
  ['backtab', ['⇧Tab', 'S-Tab']],
  ['space', ['Space', 'Space']],
]);

/** A key of the keymap as people write it: `↑`, `F6`, `^R`. */
export function keyName(key: string, ascii: boolean): string {
  const name = NAMES.get(key);
  if (name !== undefined) return ascii ? name[1] : name[0];
  if (/^f\d+$/.test(key)) return key.toUpperCase();
  return key.startsWith('ctrl-') ? `^${key.slice(5).toUpperCase()}` : key;
}

import type { Program } from './command-line.js';
import type { OptionRow } from './options.js';

/** Shells that options can be completed in. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** The shell of this name; undefined for none. */
export function shellOf(name: string | undefined): Shell | undefined {
  return SHELLS.find((shell) => shell === name);
}

/** What a shell reads to complete the options of a program, and the files or words behind them. */
export function completions(program: Program, shell: Shell): string {
  const rows = [...program.table, ...COMMON];
  switch (shell) {
    case 'bash':
      return bash(program.name, rows);
    case 'zsh':
      return zsh(program.name, rows);
    case 'fish':
      return fish(program.name, rows);
  }
}

/** What every program has beside its table. */
const COMMON: readonly OptionRow[] = [
  { name: 'help', aliases: ['h'], type: 'flag', topic: '', help: 'print the help and exit' },
  { name: 'version', aliases: ['V'], type: 'flag', topic: '', help: 'print the version and exit' },
];

type Kind = 'none' | 'words' | 'files' | 'folders' | 'free';

/** What may stand behind an option. */
function kindOf({ type, choices, value = '' }: OptionRow): Kind {
  if (type === 'flag') return 'none';
  if (choices !== undefined) return 'words';
  if (/^(FILE|PATH)\b/.test(value)) return 'files';
  return value === 'DIR' ? 'folders' : 'free';
}

/** Every way to write an option. */
function flagsOf({ name, aliases = [] }: OptionRow): string[] {
  return [name, ...aliases].map((each) => (each.length === 1 ? `-${each}` : `--${each}`));
}

/** Text between single quotes of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function bash(name: string, rows: readonly OptionRow[]): string {
  const branch = (kind: Kind, action: string): string[] => {
    const flags = rows.filter((row) => kindOf(row) === kind).flatMap(flagsOf);
    return flags.length === 0
      ? []
      : [`    ${flags.join('|')})`, `      ${action}`, '      return ;;'];
  };
  const words = rows
    .filter((row) => kindOf(row) === 'words')
    .flatMap((row) => [
      `    ${flagsOf(row).join('|')})`,
      `      COMPREPLY=( $(compgen -W ${quoted((row.choices ?? []).join(' '))} -- "$current") )`,
      '      return ;;',
    ]);
  return [
    `# bash completion of ${name}: eval "$(${name} --completions bash)"`,
    `_${name}() {`,
    '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
    '  COMPREPLY=()',
    // Bash takes = for a word of its own: --sort=rss is three of them.
    '  if [[ $current == "=" ]]; then current=""',
    '  elif [[ $before == "=" && COMP_CWORD -gt 1 ]]; then before="${COMP_WORDS[COMP_CWORD-2]}"; fi',
    '  case "$before" in',
    ...words,
    ...branch('files', 'COMPREPLY=( $(compgen -f -- "$current") )'),
    ...branch('folders', 'COMPREPLY=( $(compgen -d -- "$current") )'),
    ...branch('free', ':'),
    '  esac',
    '  if [[ $current == -* ]]; then',
    `    COMPREPLY=( $(compgen -W ${quoted(rows.flatMap(flagsOf).join(' '))} -- "$current") )`,
    '  else',
    '    COMPREPLY=( $(compgen -f -- "$current") )',
    '  fi',
    '}',
    `complete -o filenames -F _${name} ${name}`,
    '',
  ].join('\n');
}

function zsh(name: string, rows: readonly OptionRow[]): string {
  const escaped = (text: string): string => text.replace(/[\\:[\]]/g, (sign) => `\\${sign}`);
  const action = (row: OptionRow): string => {
    const label = escaped((row.value ?? 'value').toLowerCase());
    switch (kindOf(row)) {
      case 'none':
        return '';
      case 'words':
        return `:${label}:(${(row.choices ?? []).join(' ')})`;
      case 'files':
        return `:${label}:_files`;
      case 'folders':
        return `:${label}:_files -/`;
      case 'free':
        return `:${label}: `;
    }
  };
  const lines = rows.map((row) => {
    const flags = flagsOf(row);
    // One of several names excludes the others, unless the option may be repeated.
    const exclusive = row.type === 'list' ? '*' : `(${flags.join(' ')})`;
    const takes = row.type === 'flag' ? '' : '+';
    const names = flags.map((flag) => flag + (flag.startsWith('--') ? takes && '=' : takes));
    const spelled = names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`;
    return `  ${quoted(exclusive)}${spelled}${quoted(`[${escaped(row.help)}]${action(row)}`)}`;
  });
  return [
    `#compdef ${name}`,
    `# zsh completion of ${name}: ${name} --completions zsh > a folder of $fpath/_${name}`,
    '_arguments -s \\',
    ...lines.map((line) => `${line} \\`),
    `  '*: :_files'`,
    '',
  ].join('\n');
}

function fish(name: string, rows: readonly OptionRow[]): string {
  const text = (value: string): string =>
    `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const ends: Readonly<Record<Kind, (row: OptionRow) => string>> = {
    none: () => '',
    words: (row) => ` -x -a ${text((row.choices ?? []).join(' '))}`,
    files: () => ' -r -F',
    folders: () => " -x -a '(__fish_complete_directories)'",
    free: () => ' -x',
  };
  return [
    `# fish completion of ${name}: ${name} --completions fish | source`,
    ...rows.map((row) => {
      const names = [row.name, ...(row.aliases ?? [])]
        .map((each) => (each.length === 1 ? `-s ${each}` : `-l ${each}`))
        .join(' ');
      return `complete -c ${name} ${names}${ends[kindOf(row)](row)} -d ${text(row.help)}`;
    }),
    '',
  ].join('\n');
}

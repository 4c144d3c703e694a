import { notesOf, type Program } from '../../shared/command-line.js';
import type { OptionRow } from '../../shared/options.js';

/** When what the pages say besides the tables was last written: a page without a date is a fault. */
const WRITTEN = '2026-11-25';

/** A section of a manual page: paragraphs, or a list of terms and what they mean. */
export interface Section {
  readonly title: string;
  readonly terms: readonly (readonly [term: string, meaning: string])[];
}

/** A program's manual page in man(7), made from the same table as its `--help`. */
export function manPage(
  program: Program,
  sections: readonly Section[],
  seeAlso: readonly string[],
): string {
  const { name, version, description, usage, table, epilogue } = program;
  const file = name.replaceAll(' ', '-');
  const topics = [...new Set(table.map(({ topic }) => topic))];
  return [
    '.\\" Made from the tables of the program; see test/unit/docs/man-pages.test.ts.',
    `.TH ${file.toUpperCase()} 1 "${WRITTEN}" "${name} ${version}" "User Commands"`,
    '.SH NAME',
    `${escaped(file)} \\- ${escaped(description.replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    `.B ${name}`,
    ...usage
      .split('\n')
      .flatMap((line, at) => [...(at === 0 ? [] : ['.br']), escaped(line.trim())]),
    '.SH DESCRIPTION',
    '.nf',
    ...epilogue.trimEnd().split('\n').map(escaped),
    '.fi',
    '.SH OPTIONS',
    ...topics.flatMap((topic) => [
      `.SS ${escaped(topic)}`,
      ...table.filter((row) => row.topic === topic).flatMap(option),
    ]),
    '.SS Help',
    ...term(
      '\\fB\\-h\\fR, \\fB\\-\\-help\\fR [\\fITOPIC|OPTION\\fR]',
      'print the help, or that on one of them, and exit',
    ),
    ...term('\\fB\\-V\\fR, \\fB\\-\\-version\\fR', 'print the version and exit'),
    ...sections.flatMap(({ title, terms }) => [
      `.SH ${escaped(title.toUpperCase())}`,
      ...terms.flatMap(([each, meaning]) => term(`\\fB${escaped(each)}\\fR`, meaning)),
    ]),
    '.SH SEE ALSO',
    seeAlso.map((each) => `.BR ${each} (1)`).join(',\n'),
    '',
  ].join('\n');
}

function option(row: OptionRow): string[] {
  const value = row.type === 'flag' ? '' : ` \\fI${escaped(row.value ?? row.type)}\\fR`;
  const names = [row.name, ...(row.aliases ?? [])]
    .map((each) => `\\fB${escaped(each.length === 1 ? `-${each}` : `--${each}`)}\\fR`)
    .join(', ');
  const notes = notesOf(row);
  const known = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return term(`${names}${value}`, `${row.help}${known}`);
}

function term(head: string, meaning: string): string[] {
  return ['.TP', head, escaped(meaning)];
}

/** Text that roff takes for nothing but text; a line must not begin with its control characters. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replace(/^\./, '\\&.')
    .replace(/[^\x20-\x7e]/g, (character) => {
      const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? '';
      return `\\[u${code}]`;
    });
}

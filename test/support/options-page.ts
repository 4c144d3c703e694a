import { inUwsgi } from '../../server/options/program.js';
import { variableOf } from '../../server/options/environment.js';
import { factsOf, usageOf } from '../../shared/option-help.js';
import type { OptionRow } from '../../shared/options.js';
import { FIRST_VERSION } from '../../shared/version.js';

/** The reference page of all options, in Markdown. */
export function optionsPage(rows: readonly OptionRow[]): string {
  const topics = [...new Set(rows.map(({ topic }) => topic))];
  return [
    '# Options of tsuwsgi',
    '<!-- Made from the table of options; see test/unit/docs/options-page.test.ts. -->',
    `${rows.length} options, all of them since ${FIRST_VERSION} but where another version is told. \`tsuwsgi --help OPTION\` tells the same of one of them, and \`tsuwsgi --help TOPIC\` lists those of a topic. How they are written in files and in the environment, and what holds against what, stands in [configuration.md](configuration.md); editors find them in [options.schema.json](options.schema.json).`,
    topics.map((topic) => `- [${topic}](#${anchorOf(topic)})`).join('\n'),
    ...topics.flatMap((topic) => [
      `## ${topic}`,
      ...rows.filter((row) => row.topic === topic).flatMap(sectionOf),
    ]),
    '',
  ].join('\n\n');
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(' ', '-')
    .replaceAll(/[^\w-]/g, '');
}

function sectionOf(row: OptionRow): string[] {
  const facts = [
    ...factsOf(row),
    ['variable', `\`${variableOf(row.name)}\``] as const,
    ['uWSGI', inUwsgi(row)] as const,
  ];
  return [
    `### ${row.name}`,
    `\`${usageOf(row)}\``,
    `${escaped(row.help.charAt(0).toUpperCase() + row.help.slice(1))}.`,
    facts
      .map(([term, meaning]) => `- ${term}: ${term === 'variable' ? meaning : escaped(meaning)}`)
      .join('\n'),
  ];
}

/** Text that Markdown takes for nothing but text. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#]/g, '\\$&');
}

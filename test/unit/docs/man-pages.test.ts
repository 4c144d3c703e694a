import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { OptionRow } from '../../../shared/options.js';
import { INSTANCE_EXIT_CODES } from '../../../server/instance-command/exit-codes.js';
import { PROGRAM } from '../../../server/options/program.js';
import { DEV_PROGRAM } from '../../../server/dev-command/options.js';
import { SPOOL_EXIT_CODES, SPOOL_PROGRAM } from '../../../server/spool-command/options.js';
import { EXIT_CODES, SIGNAL_CODES } from '../../../top/exit-codes.js';
import { GROUPS, KEYMAP } from '../../../top/model/keymap.js';
import { PROMPT_COMMANDS } from '../../../top/model/prompt-commands.js';
import { TOP_PROGRAM } from '../../../top/options.js';
import { keyName } from '../../../top/view/key-names.js';
import { manPage } from '../../support/man-page.js';
import { ROOT } from '../../support/server.js';

/** The manual pages are made from the programs' tables; run with UPDATE_README=1 to write them. */

const keys = GROUPS.flatMap((group) =>
  KEYMAP.filter((binding) => binding.group === group).map(
    ({ keys: names, help }) => [names.map((name) => keyName(name, true)).join(' '), help] as const,
  ),
);

const typed = PROMPT_COMMANDS.map(
  ({ name, usage, help }) => [`:${name} ${usage}`.trim(), help] as const,
);

const codes = [
  ...EXIT_CODES.map(({ code, when }) => [String(code), when] as const),
  ['128 + n', SIGNAL_CODES] as const,
];

const serverCodes = [
  ['0', 'it was stopped'],
  ['1', 'an option is wrong, or an address cannot be bound'],
  ['22', '--need-app is set and the application does not load'],
] as const;

const orderCodes = INSTANCE_EXIT_CODES.map(({ code, when }) => [String(code), when] as const);

const spoolCodes = SPOOL_EXIT_CODES.map(({ code, when }) => [String(code), when] as const);

const devCodes = [
  ['0', 'it was stopped'],
  ['1', 'an option is wrong, or the port cannot be bound'],
  ['2', 'no application is named, or an option is unknown'],
] as const;

const PAGES = [
  {
    program: PROGRAM,
    page: manPage(
      PROGRAM,
      [
        { title: 'Exit status', terms: serverCodes },
        { title: 'Exit status of an order to a running instance', terms: orderCodes },
      ],
      ['tsuwsgi-dev', 'tsuwsgi-spool', 'tsuwsgitop', 'node'],
    ),
  },
  {
    program: DEV_PROGRAM,
    page: manPage(DEV_PROGRAM, [{ title: 'Exit status', terms: devCodes }], ['tsuwsgi']),
  },
  {
    program: SPOOL_PROGRAM,
    page: manPage(SPOOL_PROGRAM, [{ title: 'Exit status', terms: spoolCodes }], ['tsuwsgi']),
  },
  {
    program: TOP_PROGRAM,
    page: manPage(
      TOP_PROGRAM,
      [
        { title: 'Keys', terms: keys },
        { title: 'Commands', terms: typed },
        { title: 'Exit status', terms: codes },
      ],
      ['tsuwsgi', 'top'],
    ),
  },
];

const hasGroff = spawnSync('groff', ['--version']).status === 0;
const hasMandoc = spawnSync('mandoc', ['/dev/null']).error === undefined;

/** How roff writes the name of an option. */
const bold = (name: string): string => {
  const flag = name.length === 1 ? `-${name}` : `--${name}`;
  return `\\fB${flag.replaceAll('-', '\\-')}\\fR`;
};

const namesOf = ({ name, aliases = [] }: OptionRow): string[] => [name, ...aliases];

for (const { program, page } of PAGES) {
  const name = program.name.replaceAll(' ', '-');
  describe(`${name}(1)`, () => {
    const file = path.join(ROOT, 'docs/man', `${name}.1`);

    test('is the one that the tables make', () => {
      if (process.env['UPDATE_README'] === '1') {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, page);
      }
      assert.equal(readFileSync(file, 'utf8'), page, 'run with UPDATE_README=1');
    });

    test('has every option once, under every name', () => {
      const heads = page.split('\n').filter((_, index, lines) => lines[index - 1] === '.TP');
      for (const option of program.table.flatMap(namesOf)) {
        const found = heads.filter((head) => head.split(/,? /).includes(bold(option)));
        assert.equal(found.length, 1, option);
      }
    });

    test('comes with the package', () => {
      const manifest: unknown = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
      const named: unknown = Reflect.get(Object(manifest), 'man');
      assert.ok(Array.isArray(named) && named.includes(`docs/man/${name}.1`));
    });

    test('is understood by groff', { skip: hasGroff ? false : 'needs groff' }, () => {
      const args = ['-man', '-ww', '-Tascii', '-P-cbou', '-rLL=100n', file];
      const { stdout, stderr } = spawnSync('groff', args, { encoding: 'utf8' });
      assert.equal(stderr, '');
      assert.match(stdout, /SEE ALSO/);
    });

    test('is understood by mandoc', { skip: hasMandoc ? false : 'needs mandoc' }, () => {
      const args = ['-T', 'lint', '-W', 'warning,stop', file];
      const { stdout, status } = spawnSync('mandoc', args, { encoding: 'utf8' });
      assert.equal(status, 0, stdout);
    });
  });
}

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { KILL_SIGNALS } from '../../../shared/commands.js';
import type { OptionRow } from '../../../shared/options.js';
import { VERSION } from '../../../shared/version.js';
import { DEV_OPTIONS } from '../../../server/dev-command/options.js';
import { SPOOL_OPTIONS } from '../../../server/spool-command/options.js';
import { EXIT_CODES, SIGNAL_CODES } from '../../../top/exit-codes.js';
import { COLUMN_SPECS } from '../../../top/model/column-specs.js';
import { GROUPS, KEYMAP } from '../../../top/model/keymap.js';
import { PROMPT_COMMANDS } from '../../../top/model/prompt-commands.js';
import { TOP_OPTIONS } from '../../../top/options.js';
import { keyName } from '../../../top/view/key-names.js';
import { plain, table } from '../../support/markdown-table.js';
import { ROOT } from '../../support/server.js';

/** The tables of these pages are made from the program's; run with UPDATE_README=1 to write them. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  'docs/tsuwsgitop.md': [
    'options of tsuwsgitop',
    'keys of tsuwsgitop',
    'typed commands of tsuwsgitop',
    'columns of tsuwsgitop',
    'exit codes of tsuwsgitop',
    'kill',
  ],
  'docs/guides/develop.md': ['options of tsuwsgi dev'],
  'docs/spooler.md': ['options of tsuwsgi spool'],
};

/** What a newcomer reads in five minutes. */
const MOST_BYTES = 12_000;

const BLOCKS: Readonly<Record<string, () => string>> = {
  'options of tsuwsgitop': () => options(TOP_OPTIONS),
  'options of tsuwsgi dev': () => options(DEV_OPTIONS),
  'options of tsuwsgi spool': () => options(SPOOL_OPTIONS),
  'keys of tsuwsgitop': keys,
  'typed commands of tsuwsgitop': typed,
  'columns of tsuwsgitop': columns,
  'exit codes of tsuwsgitop': exitCodes,
  kill,
};

function options(rows: readonly OptionRow[]): string {
  return table(
    ['option', 'default', 'what it does'],
    rows.map((row) => {
      const names = [row.name, ...(row.aliases ?? [])]
        .map((name) => (name.length === 1 ? `-${name}` : `--${name}`))
        .join(', ');
      const value = row.type === 'flag' ? '' : ` ${row.value ?? row.type}`;
      const unit = row.unit === undefined ? '' : ` ${row.unit}`;
      const given = row.default === undefined ? '' : `${row.default}${unit}`;
      return [
        `\`${names}${value}\``,
        given,
        row.help + (row.type === 'list' ? '; repeatable' : ''),
      ];
    }),
  );
}

function keys(): string {
  return table(
    ['key', '', 'what it does'],
    GROUPS.flatMap((group) =>
      KEYMAP.filter((binding) => binding.group === group).map(({ keys: names, help }) => [
        names.map((name) => keyName(name, false)).join(' '),
        group,
        help,
      ]),
    ),
  );
}

function typed(): string {
  return table(
    ['command', 'what it does'],
    PROMPT_COMMANDS.map(({ name, usage, help }) => [`\`:${`${name} ${usage}`.trim()}\``, help]),
  );
}

function columns(): string {
  return table(
    ['column', 'name', 'what it tells of a worker'],
    COLUMN_SPECS.map(({ id, title, meaning }) => [title, `\`${id}\``, meaning]),
  );
}

function exitCodes(): string {
  const signal = ['128 + n', SIGNAL_CODES] as const;
  return table(
    ['exit code', 'when'],
    [...EXIT_CODES.map(({ code, when }) => [String(code), when]), signal],
  );
}

function kill(): string {
  return table(
    ['kill', '', 'what happens to the process'],
    KILL_SIGNALS.map(({ signal, title, help }) => [signal, title, help]),
  );
}

function generated(text: string): string {
  return text.replaceAll(
    /(<!-- ([^:>]+?): made from ([^ ]+) -->\n)[^]*?(<!-- end -->)/g,
    (...found: string[]) => {
      const [, open = '', name = '', source = '', end = ''] = found;
      assert.ok(existsSync(path.join(ROOT, source)), `${source} is there`);
      const block = BLOCKS[name];
      assert.ok(block, `there is no block "${name}"`);
      return `${open}\n${block()}\n\n${end}`;
    },
  );
}

for (const [page, names] of Object.entries(PAGES)) {
  test(`the tables of ${page} are those of the program`, () => {
    const file = path.join(ROOT, page);
    const text = readFileSync(file, 'utf8');
    if (process.env['UPDATE_README'] === '1') writeFileSync(file, generated(text));
    const now = readFileSync(file, 'utf8');
    for (const name of names) assert.ok(now.includes(`<!-- ${name}:`), name);
    assert.equal(plain(generated(now)), plain(now), 'run with UPDATE_README=1');
  });
}

test('the README is short, and leaves tables of all options to the pages', () => {
  const text = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  assert.doesNotMatch(text, /made from/);
  assert.ok(Buffer.byteLength(text) < MOST_BYTES, `${Buffer.byteLength(text)} bytes`);
});

test('the version of the programs is that of the package', () => {
  const manifest: unknown = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  assert.equal(Reflect.get(Object(manifest), 'version'), VERSION);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareOptions } from '../../../server/options/changes.js';
import { readInvocation } from '../../../server/options/read.js';
import { showConfig } from '../../../server/options/show-config.js';
import { type Options, OPTIONS } from '../../../server/options/table.js';
import { type OptionRow, readOptions } from '../../../shared/options.js';

const ROWS: readonly OptionRow[] = OPTIONS;

const TEXTS = ROWS.filter(({ type }) => type === 'text' || type === 'list' || type === 'address');

const SECRET = 'hunter2';

/** Texts that have the secret where an option of this row may have one. */
function secretsOf(row: OptionRow): string[] {
  const urls = [`redis://:${SECRET}@h:1/0`, `http://me:${SECRET}@h`];
  return row.secret === 'variable' ? [...urls, `DB_PASSWORD=${SECRET}`] : urls;
}

/** What is told of an option with this value wherever values are shown. */
function toldOf({ name, type }: OptionRow, value: string): string[] {
  const before = readOptions(OPTIONS, []);
  if (!before.ok) assert.fail(before.error.join());
  const after = { ...before.value, [name]: type === 'list' ? [value] : value } as Options;
  const { live, fixed } = compareOptions(before.value, after);
  const back = compareOptions(after, before.value);
  const refused = readInvocation([`--${name}=${value}`], '/nowhere', {});
  return [
    showConfig(OPTIONS, [{ name, value, origin: `--${name}` }], '/', {}),
    ...[...live, ...fixed, ...back.live, ...back.fixed],
    ...(refused.kind === 'refuse' ? refused.problems : []),
  ];
}

describe('A secret', () => {
  for (const row of TEXTS) {
    test(`of ${row.name} is in nothing that shows its value`, () => {
      for (const value of secretsOf(row)) {
        for (const told of toldOf(row, value)) assert.ok(!told.includes(SECRET), told);
      }
    });
  }

  test('in a variable that has no name is not told with the problem', () => {
    const refused = readInvocation([`--env=MY PASSWORD=${SECRET}`], '/nowhere', {});
    if (refused.kind !== 'refuse') assert.fail(refused.kind);
    assert.deepEqual(refused.problems, ['--env: "MY PASSWORD" is no variable: write NAME=VALUE']);
  });

  test('with a slash is not told with the problem that it makes', () => {
    const refused = readInvocation([`--http-to=http://me:a/${SECRET}@h`], '/nowhere', {});
    assert.match(refused.kind === 'refuse' ? refused.problems.join() : '', /http:\/\/me:\*\*\*@h/);
  });
});

/** Options that speak of secrets and take none. */
const TAKES_NONE = new Set(['stats-redact', 'show-config']);

test('An option that speaks of a secret says what of its value is one', () => {
  for (const { name, value = '', help, secret } of ROWS) {
    const speaks = /pass(word|phrase)|secret|token|credential|\bkey\b/i.test(
      `${name} ${value} ${help}`,
    );
    const mayHave = name === 'env' || (speaks && !TAKES_NONE.has(name));
    assert.equal(secret !== undefined, mayHave, name);
  }
});

test('The path of a file that has a secret is shown', () => {
  for (const { name, secret } of ROWS) {
    if (secret !== 'file') continue;
    const setting = { name, value: '/etc/shop/key.pem', origin: `--${name}` };
    assert.match(showConfig(OPTIONS, [setting], '/', {}), new RegExp(`\n${name} = /etc/shop/key`));
  }
});

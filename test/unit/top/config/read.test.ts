import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readConfig } from '../../../../top/config/read.js';
import { settingsText } from '../../../../top/model/settings.js';
import { ok } from '../../../../shared/result.js';
import { readTopCommand } from '../../../../top/options.js';
import { keys, play, start } from '../../../support/dashboard.js';

const options = (text: string, ...argv: string[]) => {
  const command = readTopCommand([...argv, ':9191'], ok, readConfig(text, 'config.yaml').settings);
  assert.ok(command.kind === 'run');
  return command.options;
};
const warnings = (text: string): readonly string[] => readConfig(text, 'config.yaml').warnings;

test('settings are options that the command line wins over', () => {
  const text = [
    '# mine',
    '---',
    'interval: 2.5 # seconds',
    'theme: "light"',
    "columns: 'wid,rss'",
    'sort: -rss',
    'mouse: false',
    'ascii: true',
    'view: memory',
    '',
  ].join('\n');
  assert.deepEqual(warnings(text), []);
  const read = options(text);
  assert.deepEqual(
    [read.frequency, read.theme, read.columns, read.sort, read['no-mouse'], read.ascii, read.view],
    [2.5, 'light', 'wid,rss', '-rss', true, true, 'memory'],
  );
  const given = options(text, '--theme', 'mono', '-d', '5', '--sort', 'rps');
  assert.deepEqual([given.theme, given.frequency, given.sort], ['mono', 5, 'rps']);
});

for (const [text, says] of [
  ['colour: red', /^config.yaml:1: there is no setting "colour", only interval, theme, /],
  ['# one\ntheem: light', /^config.yaml:2: there is no setting "theem", /],
  ['theme: purple', /^config.yaml:1: theme: "purple" is no name, write one of default, light/],
  ['interval: often', /^config.yaml:1: interval: "often" is not a number of seconds: write /],
  ['interval: 9999', /^config.yaml:1: interval: /],
  ['mouse: maybe', /^config.yaml:1: mouse: "maybe" is neither true nor false: write /],
  ['columns: wid,nope', /^config.yaml:1: columns: "nope" is no column/],
  ['theme:', /^config.yaml:1: theme: a value is missing$/],
  ['  theme: light', /^config.yaml:1: "theme: light" is no "name: value"$/],
  ['- list', /^config.yaml:1: "- list" is no "name: value"$/],
  ['key-file: /etc/passwd', /there is no setting "key-file"/],
] as const) {
  test(`${JSON.stringify(text)} is told and left out`, () => {
    const [first = '', ...others] = warnings(text);
    assert.match(first, says);
    assert.deepEqual(others, []);
    assert.equal(options(text).frequency, 1);
  });
}

test('a wrong line does not spoil the others', () => {
  const text = 'theme: purple\nsort: rss\n';
  assert.equal(options(text).sort, 'rss');
  assert.equal(warnings(text).length, 1);
});

test('whatever a file holds, it is read without an exception, and warnings are safe to draw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const read = readConfig(text, 'config.yaml');
      for (const warning of read.warnings) assert.doesNotMatch(warning, /[\p{Cc}\p{Bidi_C}]/u);
      assert.equal(readTopCommand([':9191'], ok, read.settings).kind, 'run');
    }),
  );
});

test('what is written is read as what was set', () => {
  const turn = fc.constantFrom('up', 'down', 'right', 'left');
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 30 }), (turns) => {
      const { model } = play(start(), keys('f2', ...turns, 'escape', 'escape'));
      const text = settingsText(model);
      assert.deepEqual(warnings(text), []);
      const read = options(text);
      assert.equal(read.frequency * 1000, model.intervalMs);
      assert.equal(read.theme, model.theme);
      assert.equal(read['no-mouse'], !model.mouse);
      assert.equal(read.ascii, model.ascii);
      assert.equal(read.view, model.startView);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Model } from '../../../top/model/model.js';
import { PROMPT_COMMANDS } from '../../../top/model/prompt-commands.js';
import { candidates } from '../../../top/model/prompt-completion.js';
import { visibleRows } from '../../../top/model/table-state.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play, typed } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';

const run = (model: Model, text: string) =>
  play(model, keys(':', ...typed(text).map((key) => (key === ' ' ? 'space' : key)), 'enter'));
const after = (text: string): Model => run(busyModel(120, 40), text).model;
const problem = (text: string): string => after(text).prompt?.problem ?? '';
const line = (model: Model): string => model.prompt?.text ?? '';
const press = (model: Model, ...names: string[]): Model => play(model, keys(...names)).model;

test('reload and kill ask as their keys do, and send nothing by themselves', () => {
  const reload = run(busyModel(120, 40), 'reload 3');
  assert.deepEqual(reload.effects, []);
  assert.ok(reload.model.overlay.kind === 'confirm');
  assert.equal(reload.model.overlay.focus, 'cancel');
  assert.deepEqual(
    reload.model.overlay.commands.map((command) => [
      command.name,
      'worker' in command && command.worker,
    ]),
    [['reload-worker', 3]],
  );
  const kill = run(busyModel(120, 40), 'kill 2 sigterm').model.overlay;
  assert.ok(kill.kind === 'confirm');
  assert.ok(kill.commands[0]?.name === 'kill-worker' && kill.commands[0].signal === 'TERM');
  assert.equal(after('kill 2').overlay.kind, 'signals');
});

for (const [text, how] of [
  ['reload all', 'rolling'],
  ['reload chain', 'chain'],
  ['RELOAD brutal', 'brutal'],
] as const) {
  test(`${text} asks before all are reloaded`, () => {
    const { overlay } = after(text);
    assert.ok(overlay.kind === 'confirm');
    assert.deepEqual(overlay.commands, [{ name: 'reload', how }]);
  });
}

test('without a word reload is for the marked worker, and says when none is marked', () => {
  assert.equal(after('reload').prompt?.problem, 'mark a worker first, with the arrow keys');
  const marked = run(press(busyModel(120, 40), 'down'), 'reload').model;
  assert.equal(marked.overlay.kind, 'confirm');
});

test('sort, filter, columns, view and interval do what they say', () => {
  assert.deepEqual(after('sort rss').table.sort, { by: 'rss', descending: true });
  assert.deepEqual(after('sort rss asc').table.sort, { by: 'rss', descending: false });
  const filtered = after('filter status=busy wid=4');
  assert.deepEqual(
    visibleRows(filtered).map(({ worker }) => worker.id),
    [4],
  );
  assert.equal(run(filtered, 'filter').model.table.filter.text, '');
  assert.deepEqual(after('columns wid,rss').table.columns, ['wid', 'rss']);
  assert.equal(run(after('columns wid,rss'), 'columns all').model.table.columns, null);
  assert.equal(after('view memory').screen, 'memory');
  assert.deepEqual(run(busyModel(120, 40), 'interval 2.5').effects, [
    { type: 'interval', ms: 2500 },
  ]);
  assert.deepEqual(run(busyModel(120, 40), 'quit').effects, [{ type: 'quit' }]);
  assert.equal(after('help').overlay.kind, 'help');
  assert.ok(after('pause').past?.isPause === true);
});

for (const [text, says] of [
  ['reloat 3', /^"reloat" is no command, there are .*; did you mean reload\?$/],
  ['reload 99', /^"99" is no worker, there are 1 2 3 .*; or say all, chain or brutal$/],
  ['reload 12', /^no process runs as worker 12/],
  ['kill', /^kill which worker\?/],
  ['kill 3 USR9', /^"USR9" is no signal, there are TERM, HUP, INT, KILL$/],
  ['sort rsss', /^"rsss" is no column to sort by, .*did you mean rss\?$/],
  ['sort rss up', /^"up" is no direction: asc or desc$/],
  ['filter colour=red', /^no field "colour"/],
  ['columns wid,nope', /^"nope" is no column/],
  ['view nowhere', /^"nowhere" is no view, there are overview, /],
  ['interval 0', /^"0" is no interval: type a number from 0.1 to 60 seconds$/],
  ['interval 1e3', /^"1e3" is no interval/],
  ['pause now', /^"now" is too much: pause$/],
] as const) {
  test(`":${text}" says what is wrong, and stays to be mended`, () => {
    assert.match(problem(text), says);
    assert.equal(line(after(text)), text);
    assert.equal(press(after(text), 'x').prompt?.problem, null);
  });
}

test('Tab completes commands, workers, signals and columns as far as there is no doubt', () => {
  const tab = (text: string): string =>
    line(
      press(
        busyModel(120, 40),
        ':',
        ...typed(text).map((key) => (key === ' ' ? 'space' : key)),
        'tab',
      ),
    );
  assert.equal(tab('rel'), 'reload ');
  assert.equal(tab('col'), 'columns ');
  assert.equal(tab('kill 3 K'), 'kill 3 KILL ');
  assert.equal(tab('view mem'), 'view memory ');
  assert.equal(tab('columns wid,stat'), 'columns wid,status ');
  assert.equal(tab('nothing'), 'nothing');
  assert.deepEqual(candidates(busyModel(120, 40), 'reload 1'), ['1', '10', '11']);
});

test('what can be typed next is to be seen, and what is wrong', () => {
  const open = press(busyModel(120, 40), ':', 'k');
  assert.match(frameText(view(open)), /:k.*Tab: kill/);
  assert.match(frameText(view(after('interval 0'))), /:interval 0.*"0" is no interval/);
});

test('↑ goes back in what was run, wrong or not, and ↓ to what was typed', () => {
  const model = run(after('sort rss'), 'view workers').model;
  const back = press(model, ':', 'x', 'up');
  assert.equal(line(back), 'view workers');
  assert.equal(line(press(back, 'up', 'up', 'up')), 'sort rss');
  assert.equal(line(press(back, 'up', 'down', 'down')), 'x');
});

test('Esc and Backspace on an empty line leave it, and no letter is a key meanwhile', () => {
  assert.equal(press(busyModel(120, 40), ':', 'escape').prompt, null);
  assert.equal(press(busyModel(120, 40), ':', 'a', 'backspace', 'backspace').prompt, null);
  assert.deepEqual(play(busyModel(120, 40), keys(':', 'q', 'R', 'K')).effects, []);
});

test('a paste goes into the line and runs nothing', () => {
  const opened = press(busyModel(120, 40), ':');
  const { model, effects } = play(opened, [{ type: 'paste', at: 0, text: 'quit\nkill 3\u001b' }]);
  assert.equal(line(model), 'quit kill 3?');
  assert.deepEqual(effects, []);
});

test('no line of any words changes the server without a question', () => {
  const word = fc.oneof(
    fc.constantFrom(...PROMPT_COMMANDS.map(({ name }) => name)),
    fc.constantFrom('all', 'chain', 'brutal', '1', '3', '12', 'TERM', 'KILL', 'rss', 'memory'),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (words) => {
      const { model, effects } = play(busyModel(80, 24), [
        ...keys(':'),
        { type: 'paste', at: 0, text: words.join(' ') },
        ...keys('enter'),
      ]);
      view(model);
      return effects.every(({ type }) => type !== 'command');
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isWithin, passing, readQuery, type Searched } from '../../../top/model/query.js';
import type { Model } from '../../../top/model/model.js';
import { shownRequests } from '../../../top/model/request-list.js';
import { visibleRows } from '../../../top/model/table-state.js';
import { view } from '../../../top/view/view.js';
import { busyModel, keys, play, STUCK, typed } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';

interface Cat {
  readonly name: string;
  readonly weight: number | null;
}

const SEARCH: Searched<Cat> = {
  fields: [
    { name: 'name', kind: 'text', values: ({ name }) => [name] },
    { name: 'weight', kind: 'number', value: ({ weight }) => weight, units: { '': 1, k: 1000 } },
  ],
  text: ({ name, weight }) => `${name}\n${weight ?? ''}`,
};

const CATS: readonly Cat[] = [
  { name: 'Stuck', weight: 3 },
  { name: 'siamese', weight: 4000 },
  { name: 'persian', weight: null },
];

const found = (text: string): string[] => passing(CATS, text, SEARCH).map(({ name }) => name);

test('words and conditions must all hold', () => {
  assert.deepEqual(found('s'), ['Stuck', 'siamese', 'persian']);
  assert.deepEqual(found('weight>3'), ['siamese']);
  assert.deepEqual(found('s weight<4k'), ['Stuck']);
  assert.deepEqual(found('weight=4k name~AM'), ['siamese']);
  assert.deepEqual(found('name=stuck'), ['Stuck']);
  assert.deepEqual(found('name!=stuck'), ['siamese', 'persian']);
  assert.deepEqual(found('weight>=3 weight<=3'), ['Stuck']);
});

test('what is not known passes no condition on it', () => {
  for (const sign of ['<', '>', '=', '!=', '<=', '>=']) {
    assert.ok(!found(`weight${sign}5`).includes('persian'), sign);
  }
});

test('letters in their order find something only where the word itself finds nothing', () => {
  assert.deepEqual(found('stk'), ['Stuck']);
  assert.deepEqual(found('prn'), ['persian']);
  assert.deepEqual(found('kts'), []);
  assert.equal(isWithin('stk', ['st', 'k']), false);
});

test('a condition that is not finished asks for nothing yet', () => {
  assert.deepEqual(found('weight>').length, 3);
  assert.equal(readQuery('weight>', SEARCH).problem, null);
});

test('a field or value that is none is said in a sentence that names the remedy', () => {
  const problem = (text: string): string | null => readQuery(text, SEARCH).problem;
  assert.equal(
    problem('weights>3'),
    'no field "weights"; did you mean weight? there are name weight',
  );
  assert.equal(problem('weight>big'), 'weight is a number, also with k: "big" is none');
  assert.equal(problem('weight~3'), 'weight is a number: ask weight=3');
  assert.equal(problem('name<b'), 'name is a text: ask name=b or name~b');
  // A piece of a URI is a word, whatever signs are in it.
  assert.equal(problem('/slow?s=3'), null);
});

test('whatever is typed is read, and every further condition leaves a part of what was left', () => {
  const term = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc
      .tuple(
        fc.constantFrom('name', 'weight', 'x'),
        fc.constantFrom('=', '~', '<', '>', '!=', '<=', '>='),
        fc.constantFrom('', '3', '4k', 'si', '-1', '1e9'),
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), term, (text, more) => {
      readQuery(text, SEARCH);
      const { words } = readQuery(more, SEARCH);
      const before = passing(CATS, text, SEARCH);
      const after = passing(CATS, `${text} ${more}`, SEARCH);
      if (words.length === 0) for (const cat of after) assert.ok(before.includes(cat));
      const order = CATS.filter((cat) => after.includes(cat));
      assert.deepEqual(after, order);
    }),
    { numRuns: 1000 },
  );
});

const filtered = (text: string, ...before: string[]): Model =>
  play(busyModel(120, 40, { third: STUCK }), keys(...before, '/', ...typed(text), 'enter')).model;
const ids = (text: string): number[] => visibleRows(filtered(text)).map(({ worker }) => worker.id);

test('the table can be asked for states, sizes, times and what is in flight', () => {
  assert.deepEqual(ids('status=stuck'), [3]);
  assert.deepEqual(ids('rss>200M'), [3]);
  assert.deepEqual(ids('rss>0.2g'), [3]);
  assert.deepEqual(ids('rps<5 status!=cheap'), [3]);
  assert.deepEqual(ids('loop>8s'), [3]);
  assert.deepEqual(ids('wid=3'), [3]);
  assert.deepEqual(ids('uri~block'), [3]);
  assert.deepEqual(ids('avg>5ms'), [11, 12]);
  assert.deepEqual(ids('stk'), [3]);
});

test('the requests in flight can be asked for worker, age, method, peer and URI', () => {
  const uris = (text: string): string[] =>
    shownRequests(filtered(text, '3')).map(({ request }) => request.uri);
  assert.deepEqual(uris('age>5s'), ['/block?s=30']);
  assert.deepEqual(uris('wid=4 method=post'), ['/slow?s=3']);
  assert.equal(uris('peer~127').length, 9);
});

test('a wrong field is told in the footer, while it is typed and when it is kept', () => {
  const said = /no field "rsss"; did you mean rss\? there are status uri method/;
  assert.match(frameText(view(filtered('rsss>2'))), said);
  const typing = play(busyModel(120, 40), keys('/', ...typed('rsss>2'))).model;
  assert.match(frameText(view(typing)), said);
});

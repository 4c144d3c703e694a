import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../../top/model/message.js';
import type { Model } from '../../../top/model/model.js';
import { visibleRows } from '../../../top/model/table-state.js';
import type { Frame, Line } from '../../../top/view/frame.js';
import { glyphsFor } from '../../../top/view/glyphs.js';
import { view } from '../../../top/view/view.js';
import { anyMessage } from '../../support/arbitraries.js';
import { busyModel, instanceAt, keys, play } from '../../support/dashboard.js';
import { instance, worker } from '../../support/stats-builder.js';

/** The same model, whose workers nobody has seen before: nothing of them is kept. */
function unseen(model: Model): Model {
  const { shown } = model;
  if (shown?.document.kind !== 'instance') return model;
  const { document } = shown;
  const workers = document.instance.workers.map((one) => ({ ...one }));
  const fresh = { ...document, instance: { ...document.instance, workers } };
  return { ...model, shown: { ...shown, document: fresh } };
}

test('whatever happens, a table with kept lines is the one that is drawn of nothing', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 12 }), (messages) => {
      const models: Model[] = [];
      let model = busyModel(120, 40);
      for (const message of messages) models.push((model = play(model, [message]).model));
      const kept = models.map(view);
      assert.deepEqual(kept, models.map(unseen).map(view));
    }),
    { numRuns: 150 },
  );
});

const linesOf = ({ panels }: Frame): readonly Line[] =>
  panels.flatMap((panel) => (panel.kind === 'text' && panel.id === 'table' ? panel.lines : []));

/** Three workers of which the second is told anew, by a message. */
function told(before: readonly ReturnType<typeof worker>[], second: object): Message {
  const workers = before.map((one, at) => (at === 1 ? { ...one, ...second } : one));
  return instanceAt(1000, instance(workers));
}

test('the line of a worker of which nothing new is told is the very line of before', () => {
  const workers = [1, 2, 3].map((id) => worker(id, {}));
  const [first, second] = [told(workers, {}), told(workers, { requests: 77 })];
  const start = play(busyModel(120, 40), [first]).model;
  const before = linesOf(view(start));
  const after = linesOf(view(play(start, [second]).model));
  const moved = after.map((line, at) => line !== before[at]);
  assert.equal(after.length, before.length);
  assert.deepEqual(moved.slice(1, 4), [false, true, false]);
});

test('a tag is seen, and seen no more, where nothing else of the line changes', () => {
  const start = play(busyModel(120, 40), keys('down', 'down')).model;
  const [row] = visibleRows(start);
  assert.ok(row);
  const withTags = (tags: Model['table']['tags']): Model => ({
    ...start,
    table: { ...start.table, tags },
  });
  const signs = [[], [row.identity], []].map((tags) => linesOf(view(withTags(tags)))[1]?.[1]);
  const { tag } = glyphsFor(false);
  assert.deepEqual(
    signs.map((sign) => sign?.text),
    [' ', tag, ' '],
  );
});

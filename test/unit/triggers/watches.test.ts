import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { watchFiles } from '../../../server/master/triggers/file-watch.js';
import { watchTouch } from '../../../server/master/triggers/touch.js';
import { eventually } from '../../support/eventually.js';
import { makeFolder } from '../../support/folder.js';

function touches(test: TestContext, files: readonly string[]) {
  const log: string[] = [];
  const seen = { touched: 0, log };
  const stop = watchTouch({
    option: 'touch-reload',
    files,
    onTouch: () => seen.touched++,
    log: (line) => log.push(line),
    everyMs: 10,
  });
  test.after(stop);
  return seen;
}

describe('a file to be touched', () => {
  test('counts when its time changes, also backwards', async (t) => {
    const folder = makeFolder(t, { a: '', b: '' });
    const a = path.join(folder, 'a');
    // A missing file is told in the first look, after which all times are known.
    const seen = touches(t, [a, path.join(folder, 'b'), path.join(folder, 'missing')]);
    await eventually('the first look', () => seen.log.length === 1);
    utimesSync(a, new Date(), new Date(2000, 1));
    await eventually('the touch', () => seen.touched === 1);
    assert.deepEqual(seen.log.slice(1), [`*** ${a} has been touched...`]);
  });

  test('counts when it is created and when it is removed; that it is missing is only logged', async (t) => {
    const file = path.join(makeFolder(t, {}), 'later');
    const seen = touches(t, [file]);
    await eventually('the first look', () => seen.log.length === 1);
    assert.equal(seen.touched, 0);
    writeFileSync(file, '');
    await eventually('the creation', () => seen.touched === 1);
    rmSync(file);
    await eventually('the removal', () => seen.touched === 2);
    assert.equal(
      seen.log[0],
      `--touch-reload ${file}: there is no such file yet; its creation will count`,
    );
  });

  test('is looked for nowhere when there is none', (t) => {
    assert.deepEqual(touches(t, []).log, []);
  });
});

function changes(test: TestContext, files: readonly string[]) {
  const told: (readonly string[])[] = [];
  const watch = watchFiles((changed) => told.push([...changed].sort()));
  test.after(watch.stop);
  watch.add(files);
  return { told, add: watch.add };
}

describe('the files of an application', () => {
  test('are told together when they change in one go', async (t) => {
    const folder = makeFolder(t, { a: '', b: '', c: '' });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    const { told } = changes(t, [a, b, c]);
    appendFileSync(a, 'meow');
    appendFileSync(c, 'meow');
    await eventually('the change', () => told.length === 1);
    assert.deepEqual(told, [[a, c]]);
  });

  test('are known again after they were replaced, as editors do, with their folder too', async (t) => {
    const folder = makeFolder(t, {});
    const inner = path.join(folder, 'inner');
    const file = path.join(inner, 'a');
    mkdirSync(inner);
    writeFileSync(file, 'one');
    const { told } = changes(t, [file]);
    writeFileSync(`${file}~`, 'two');
    renameSync(`${file}~`, file);
    await eventually('the replacement', () => told.length === 1);
    rmSync(inner, { recursive: true });
    await eventually('the removal', () => told.length === 2);
    mkdirSync(inner);
    writeFileSync(file, 'three');
    await eventually('the new one', () => told.length === 3);
    assert.deepEqual(told, [[file], [file], [file]]);
  });

  test('are watched from how they were when they were first told', async (t) => {
    const folder = makeFolder(t, { a: '' });
    const file = path.join(folder, 'a');
    const { told, add } = changes(t, [file]);
    appendFileSync(file, 'meow');
    add([file]);
    await eventually('the change', () => told.length === 1);
  });
});

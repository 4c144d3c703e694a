import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { codeFrame, placesOf } from '../../../server/dev-command/code-frame.js';

const SOURCE = ['one();', '\ttwo();', 'three(', '  four,', ');', 'six();'].join('\n');

const read = (file: string): string | null => (file === '/a b/app.ts' ? SOURCE : null);

describe('the places of a stack', () => {
  test('are those of paths and of URLs, whatever the function is called', () => {
    const stack = [
      'Error: at (/no/place.js:1:2)',
      '    at /a.js:1:2',
      '    at async f (/b.js:3:4)',
      '    at Object.<anonymous> [as g] (file:///c%20d.js:5:6)',
      '    at node:internal/process/task_queues:95:5',
      '    at Array.map (<anonymous>)',
    ].join('\n');
    assert.deepEqual(
      placesOf(stack).map(({ file, line, column }) => `${file} ${line} ${column}`),
      ['/a.js 1 2', '/b.js 3 4', '/c d.js 5 6'],
    );
  });
});

describe('a code frame', () => {
  test('is of the first frame in a file of the application', () => {
    const stack = 'Error: x\n    at f (/lib.js:1:1)\n    at g (file:///a%20b/app.ts:2:2)';
    assert.deepEqual(codeFrame(stack, read), [
      '  /a b/app.ts:2:2',
      '  1 | one();',
      '> 2 |  two();',
      '    |  ^',
      '  3 | three(',
      '  4 |   four,',
    ]);
  });

  test("is none where no file is the application's, or it is shorter by now", () => {
    assert.deepEqual(codeFrame('Error: x\n    at f (/lib.js:1:1)', read), []);
    assert.deepEqual(codeFrame('Error: x\n    at f (/a b/app.ts:70:1)', read), []);
  });

  test('cuts the one line of a bundle around its place', () => {
    const bundle = 'x'.repeat(5000) + 'HERE' + 'y'.repeat(5000);
    const [, line = '', caret = ''] = codeFrame('Error\n    at /b.js:1:5001', () => bundle);
    assert.ok(line.length < 140);
    assert.equal(line.slice(caret.indexOf('^')).slice(0, 4), 'HERE');
  });

  test('shows no control character of a file, and the caret stays below its place', () => {
    const [, line = '', caret = ''] = codeFrame('E\n    at /b.js:1:6', () => '\u001b[2J\tX');
    assert.doesNotMatch(line, /\p{Cc}/u);
    assert.equal(line[caret.indexOf('^')], 'X');
  });

  test('comes of any text without a fault', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(9), fc.nat(9), (file, text, line, column) => {
        const stack = `Error\n    at f (/${file}:${line}:${column})`;
        for (const each of codeFrame(stack, () => text)) assert.doesNotMatch(each, /\p{Cc}/u);
      }),
    );
  });
});

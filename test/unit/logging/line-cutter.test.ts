import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  createLineCutter,
  CUT_MARK,
  LONGEST_LINE,
  recordsOf,
} from '../../../server/logging/line-cutter.js';

/** What comes out when these pieces go in, block by block. */
function cut(pieces: readonly (string | Buffer)[], keepsTogether = false): string[] {
  const blocks: string[] = [];
  const cutter = createLineCutter(keepsTogether, (block) => blocks.push(block.toString()));
  for (const piece of pieces) cutter.push(Buffer.from(piece));
  cutter.end();
  return blocks;
}

describe('what a process writes in pieces', () => {
  test('is given on in whole lines, the last one too when it has no end', () => {
    assert.deepEqual(cut(['a\nb', 'c\n', 'd']), ['a\n', 'bc\n', 'd\n']);
  });

  test('is the same lines however it is cut', () => {
    const text = fc.array(fc.constantFrom('a', '\n', ' ', '}', 'é', '\n  at x'), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(80)), fc.boolean(), (words, places, keepsTogether) => {
        const whole = Buffer.from(words.join(''));
        const ends = [...places, whole.length].sort((a, b) => a - b);
        const pieces = ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
        const expected =
          whole.length > 0 && whole.at(-1) !== 10 ? `${whole.toString()}\n` : String(whole);
        const blocks = cut(pieces, keepsTogether);
        assert.equal(blocks.join(''), expected);
        assert.ok(blocks.every((block) => block.endsWith('\n')));
      }),
    );
  });

  test('keeps the stack of an error with its heading, whatever pieces it comes in', () => {
    const stack = 'Error: no\n    at a\n    at b {\n  code: 1\n}\n';
    for (let at = 1; at < stack.length; at++) {
      const pieces = ['before\n', stack.slice(0, at), stack.slice(at), 'after\n'];
      const blocks = cut(pieces, true);
      const own = blocks.filter((block) => block.includes('Error') || /^[ }]/m.test(block));
      assert.equal(own.length, 1, JSON.stringify(blocks));
      assert.ok(own[0]?.includes(stack), JSON.stringify(blocks));
    }
  });

  test('is not held when it is asked for, half lines excepted', () => {
    const blocks: string[] = [];
    const cutter = createLineCutter(true, (block) => blocks.push(block.toString()));
    cutter.push(Buffer.from('one\ntwo\nthr'));
    assert.deepEqual(blocks, ['one\n']);
    assert.equal(cutter.isHolding, true);
    cutter.release();
    assert.deepEqual(blocks, ['one\n', 'two\n']);
    assert.equal(cutter.isHolding, false);
    cutter.push(Buffer.from('ee\n'));
    cutter.release();
    assert.deepEqual(blocks, ['one\n', 'two\n', 'three\n']);
  });

  test('is cut with a mark where a line is too long, between two characters', () => {
    const long = 'é'.repeat(LONGEST_LINE);
    for (const pieces of [[`${long}\nnext\n`], [long, long, '\nnext\n']]) {
      const lines = cut(pieces).join('').split('\n');
      assert.equal(lines.length, 3);
      assert.equal(lines[0], 'é'.repeat(LONGEST_LINE / 2) + CUT_MARK);
      assert.equal(lines[1], 'next');
    }
  });

  test('is not collected without bound when every line seems to belong to the last one', () => {
    let given = 0;
    const cutter = createLineCutter(true, (block) => (given += block.length));
    const piece = Buffer.from('  indented\n'.repeat(1000));
    for (let round = 0; round < 100; round++) cutter.push(piece);
    assert.ok(100 * piece.length - given < 3 * LONGEST_LINE);
  });
});

test('records are lines with what belongs to them', () => {
  assert.deepEqual(recordsOf(Buffer.from('  x\na\n  at b\n}\nc\n')), ['  x', 'a\n  at b\n}', 'c']);
});

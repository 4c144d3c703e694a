import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { FIFO_LETTERS, readLetters } from '../../../server/master/triggers/fifo-letters.js';

describe('what is written to the master FIFO', () => {
  test('is a command a letter, in order, with blanks and line ends between them', () => {
    const { events, unknown } = readLetters('c r\nR\r\n');
    assert.deepEqual(events, [
      { type: 'reload', worker: 'all', order: 0, how: 'chain' },
      { type: 'reload', worker: 'all', order: 0 },
      { type: 'reload', worker: 'all', order: 0, how: 'brutal' },
    ]);
    assert.deepEqual(unknown, []);
  });

  test('means what it means to uWSGI', () => {
    const stops = ['q', 'Q'].map((letter) => readLetters(letter).events[0]);
    assert.deepEqual(stops, [
      { type: 'stop', graceful: true, by: 'q on the master FIFO' },
      { type: 'stop', graceful: false },
    ]);
    assert.deepEqual(readLetters('w').events, readLetters('r').events);
    assert.deepEqual(readLetters('W').events, readLetters('R').events);
  });

  test('names each letter that is no command once', () => {
    assert.deepEqual(readLetters('zrz!\0').unknown, ['z', '!', '\0']);
  });

  test('opens the files of the log anew, or rotates them', () => {
    assert.deepEqual(readLetters('lL').events, [
      { type: 'log-files', how: 'reopen' },
      { type: 'log-files', how: 'rotate' },
    ]);
  });

  test('is harmless whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { events, unknown } = readLetters(text);
        const known = Array.from(text).filter((letter) => Object.hasOwn(FIFO_LETTERS, letter));
        assert.equal(events.length, known.length);
        assert.ok(unknown.every((letter) => !Object.hasOwn(FIFO_LETTERS, letter)));
      }),
    );
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyText } from '../../support/arbitraries.js';
import { sanitize, sanitizeShort } from '../../../top/model/sanitize.js';

test('what a person writes in Latin, Greek or Cyrillic stays as it is', () => {
  const text = 'GET /katze?n=Übergröße&σ=1 Привет – “x” → ● ▲ █ │ ⣿';
  assert.equal(sanitize(text), text);
});

test('every character a terminal obeys becomes a question mark', () => {
  const cases: Readonly<Record<string, string>> = {
    '\x1b[31m': '?[31m',
    'a\u0000b\nc\td\x7f': 'a?b?c?d?',
    '\u009b31m': '?31m',
    '\u202eevil\u2066': '?evil?',
    'soft\u00adhyphen': 'soft?hyphen',
    'line\u2028end': 'line?end',
    '\ufeffbom': '?bom',
  };
  for (const [text, safe] of Object.entries(cases)) assert.equal(sanitize(text), safe);
});

test('wide, astral, combining and right-to-left characters become one column each', () => {
  assert.equal(sanitize('猫'), '?');
  assert.equal(sanitize('😺'), '?');
  assert.equal(sanitize('e\u0301'), 'e?');
  assert.equal(sanitize('שלום'), '????');
  assert.equal(sanitize('\ud83d'), '?');
  assert.equal(sanitize('⌚'), '?');
});

test('with ascii only ASCII is left', () => {
  assert.equal(sanitize('Ü●x', true), '??x');
});

test('the result is always one printable column for each code point, and stable', () => {
  fc.assert(
    fc.property(anyText, fc.boolean(), (text, ascii) => {
      const safe = sanitize(text, ascii);
      assert.equal(safe.length, Array.from(text).length);
      assert.ok(!/\p{C}|\p{M}|\p{Zl}|\p{Zp}/u.test(safe));
      assert.equal(sanitize(safe, ascii), safe);
    }),
  );
});

test('text of any length is cut before it is looked at', () => {
  assert.equal(sanitizeShort('x'.repeat(10_000_000)).length, 2000);
  assert.equal(sanitizeShort('abcdef', 3), 'abc');
});

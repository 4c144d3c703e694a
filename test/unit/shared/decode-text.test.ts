import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeText, MAX_DOCUMENT } from '../../../shared/decode-text.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(bytes: Uint8Array): { value: unknown; text: string; damaged: boolean } {
  const result = decodeText(bytes);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value;
}

function error(bytes: Uint8Array): string {
  const result = decodeText(bytes);
  assert.ok(!result.ok);
  return result.error;
}

describe('bytes as JSON', () => {
  test('valid JSON passes unchanged', () => {
    const read1 = read(utf8('{"a":[1,"é\\n"]}'));
    assert.deepEqual(read1, { value: { a: [1, 'é\n'] }, text: '{"a":[1,"é\\n"]}', damaged: false });
  });

  test('bytes that are no UTF-8 are replaced', () => {
    const { value, damaged } = read(Uint8Array.from([0x22, 0x61, 0xff, 0x22]));
    assert.equal(value, 'a\ufffd');
    assert.equal(damaged, true);
  });

  test('raw control characters inside strings are taken as themselves', () => {
    const { value, text, damaged } = read(utf8('{"a\u0001":"x\u0000\\"\n\u001fy"}'));
    assert.deepEqual(value, { 'a\u0001': 'x\u0000"\n\u001fy' });
    assert.equal(text, '{"a\\u0001":"x\\u0000\\"\\u000a\\u001fy"}');
    assert.equal(damaged, true);
  });

  test('white space between values is no damage', () => {
    assert.equal(read(utf8('\t[\n\n\t]\r\n')).damaged, false);
  });

  test('a control character outside of a string is not JSON', () => {
    assert.match(error(utf8('[\u0001]')), /not JSON/);
  });

  test('nesting is bounded, and brackets in strings do not count', () => {
    assert.match(error(utf8('['.repeat(65))), /nested deeper than 64/);
    assert.match(error(utf8('{"a":'.repeat(1_000_000))), /nested deeper than 64/);
    assert.equal(read(utf8(JSON.stringify('['.repeat(1000)))).damaged, false);
    const deepest = '['.repeat(64) + ']'.repeat(64);
    assert.equal(read(utf8(deepest)).text, deepest);
  });

  test('size is bounded', () => {
    assert.match(error(new Uint8Array(MAX_DOCUMENT + 1)), /longer than 16777216 bytes/);
  });

  test('any bytes give a value or an error, and the text of a value is valid JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = decodeText(bytes);
        if (!result.ok) assert.equal(typeof result.error, 'string');
        else assert.deepEqual(JSON.parse(result.value.text), result.value.value);
      }),
    );
  });

  test('any JSON comes back as it was, and strings with raw control characters too', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        assert.deepEqual(read(utf8(text)).value, JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const raw = `"${text.replace(/["\\]/g, '\\$&')}"`;
        assert.equal(read(utf8(raw)).value, text);
      }),
    );
  });
});

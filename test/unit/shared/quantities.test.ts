import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseQuantity } from '../../../shared/quantities.js';

/** Of text and unit, the number that is meant. */
const READ: readonly (readonly [string, string | undefined, number])[] = [
  ['90', 's', 90],
  ['90s', 's', 90],
  ['1.5m', 's', 90],
  ['2h', 's', 7200],
  ['1d', 's', 86_400],
  ['250ms', 's', 0.25],
  ['250', 'ms', 250],
  ['250ms', 'ms', 250],
  ['7ms', 'ms', 7],
  ['0.3s', 'ms', 300],
  ['2m', 'ms', 120_000],
  ['4096', 'bytes', 4096],
  ['64K', 'bytes', 65_536],
  ['64KB', 'bytes', 65_536],
  ['64KiB', 'bytes', 65_536],
  ['100B', 'bytes', 100],
  ['1.5m', 'bytes', 1_572_864],
  ['1g', 'bytes', 1_073_741_824],
  ['512', 'MB', 512],
  ['512M', 'MB', 512],
  ['2G', 'MB', 2048],
  ['1T', 'MB', 1_048_576],
  ['512K', 'MB', 0.5],
  ['-3', undefined, -3],
  ['40', '%', 40],
];

test('a number is read in the unit of its option, whatever suffix it is written with', () => {
  for (const [text, unit, expected] of READ) {
    const read = parseQuantity(text, { unit, whole: false });
    assert.deepEqual(read, { ok: true, value: expected }, `${text} in ${unit ?? 'nothing'}`);
  }
});

test('what is no quantity is told with what could be written', () => {
  const problem = (text: string, unit: string | undefined, whole = false): unknown => {
    const read = parseQuantity(text, { unit, whole });
    return read.ok ? read.value : read.error;
  };
  const seconds = 'is not a number of seconds: write 90, 90s, 5m, 2h or 1d';
  for (const text of ['', 's', '5x', '5 m', '1e3', '0x10', '5M5', '5mm', '5constructor', '.5']) {
    assert.equal(problem(text, 's'), seconds, text);
  }
  assert.equal(
    problem('1500ms', 's', true),
    'is not a whole number of seconds: write 90, 90s, 5m, 2h or 1d',
  );
  assert.equal(
    problem('30s', 'bytes', true),
    'is not a whole number of bytes: write 4096, 64K, 512M or 2G',
  );
  assert.equal(problem('5m', undefined), 'is not a number: write digits alone, such as 4 or 0.5');
  assert.equal(problem('40K', '%', true), 'is not a whole number: write digits alone, such as 4');
  assert.equal(
    problem('99999999999999999999', 'MB', true),
    'is not a whole number of megabytes: write 512, 512M or 2G',
  );
});

test('whatever is written, it is a finite number or a problem', () => {
  const units = fc.constantFrom('s', 'ms', 'bytes', 'MB', '%', undefined);
  const text = fc.oneof(fc.string(), fc.stringMatching(/^-?[0-9.]{1,400}[a-zA-Z]{0,3}$/));
  fc.assert(
    fc.property(text, units, (written, unit) => {
      const read = parseQuantity(written, { unit, whole: false });
      assert.ok(!read.ok || Number.isFinite(read.value), written);
    }),
  );
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { bytes, count, duration, grouped, millis } from '../../../shared/units.js';

const size = fc.double({ min: 0, max: 1e15, noNaN: true });

/** The number that a short form stands for. */
function valueOf(text: string, base: number): number {
  const [, digits = '', suffix = ''] = /^([\d.]+)([KkMGTP]?)$/.exec(text) ?? [];
  assert.notEqual(digits, '', `"${text}" is no number`);
  return Number(digits) * base ** ['', 'k', 'M', 'G', 'T', 'P'].indexOf(suffix.replace('K', 'k'));
}

describe('bytes and counts', () => {
  const cases: readonly (readonly [number, string, string])[] = [
    [0, '0', '0'],
    [999, '999', '999'],
    [1000, '1000', '1.0k'],
    [1023, '1023', '1.0k'],
    [1024, '1.0K', '1.0k'],
    [1228, '1.2K', '1.2k'],
    [103_900, '101K', '104k'],
    [123_731_968, '118M', '124M'],
    [1024 * 1024 - 1, '1.0M', '1.0M'],
    [999_499, '976K', '999k'],
    [999_500, '976K', '1.0M'],
    [3.4 * 1024 ** 4, '3.4T', '3.7T'],
  ];
  for (const [value, asBytes, asCount] of cases) {
    test(`${value} is ${asBytes} bytes, and counted ${asCount}`, () => {
      assert.equal(bytes(value), asBytes);
      assert.equal(count(value), asCount);
    });
  }

  test('have at most four characters and are at most a twentieth off', () => {
    fc.assert(
      fc.property(size, (value) => {
        for (const [text, base] of [
          [bytes(value), 1024],
          [count(value), 1000],
        ] as const) {
          assert.ok(text.length <= 4, text);
          assert.ok(Math.abs(valueOf(text, base) - value) <= Math.max(0.5, value / 20), text);
        }
      }),
    );
  });

  test('keep the order of what they show', () => {
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        assert.ok(valueOf(bytes(low), 1024) <= valueOf(bytes(high), 1024));
        assert.ok(valueOf(count(low), 1000) <= valueOf(count(high), 1000));
      }),
    );
  });
});

test('grouped numbers have a comma before each three digits', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0'],
    [999, '999'],
    [1284, '1,284'],
    [12_345_678, '12,345,678'],
    [999.5, '1,000'],
  ];
  for (const [value, text] of cases) assert.equal(grouped(value), text);
});

test('durations have two units', () => {
  const cases: readonly (readonly [number, string])[] = [
    [-3, '0s'],
    [0, '0s'],
    [4.9, '4s'],
    [59, '59s'],
    [60, '1m00s'],
    [192, '3m12s'],
    [3599, '59m59s'],
    [3600, '1h00m'],
    [18_120, '5h02m'],
    [86_399, '23h59m'],
    [273_600, '3d04h'],
  ];
  for (const [seconds, text] of cases) assert.equal(duration(seconds), text);
});

test('milliseconds have as many decimals as are worth reading', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0.00'],
    [420, '0.42'],
    [994, '0.99'],
    [999, '1.0'],
    [4200, '4.2'],
    [61_000, '61.0'],
    [99_940, '99.9'],
    [99_950, '100'],
    [1_234_000, '1,234'],
  ];
  for (const [micros, text] of cases) assert.equal(millis(micros), text);
});

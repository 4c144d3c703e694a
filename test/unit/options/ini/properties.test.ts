import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { calculate } from '../../../../server/options/ini/arithmetic.js';
import { globPaths } from '../../../../server/options/ini/glob.js';
import { readLines } from '../../../../server/options/ini/lines.js';
import { readFiles } from '../../../../server/options/ini/read-files.js';
import { expandReferences } from '../../../../server/options/ini/references.js';
import { namedByItself } from '../../../../server/options/ini/formats.js';
import { OPTIONS } from '../../../../server/options/table.js';
import { iniWorld } from '../../../support/ini-world.js';

const A_FILE = namedByItself('a.ini');

const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const value = fc.string({ maxLength: 20 }).map((text) => text.replace(/[%\r\n]/g, '').trim());
const word = fc.constantFrom(
  ...[
    '%(a)',
    '%(b)',
    '%(c + 1)',
    '$(A)',
    '@(a.ini)',
    '%%',
    '%n',
    '%',
    'x',
    '=',
    '\n',
    ' ',
    '(',
    ')',
  ],
  ...[
    'a',
    'b',
    'c',
    'for',
    'for-times',
    'for-glob',
    'if-env',
    'if-opt',
    'endif',
    'endfor',
    'ini',
    'include',
  ],
  ...[
    '[uwsgi]',
    '[',
    ']',
    ';',
    '#',
    'set-ph',
    'set',
    ':',
    'a.ini',
    '9999999',
    'if-hostname-match',
    '%(_)',
  ],
);

/** After these a text is what an option is. */
const BEGINNINGS = { yaml: 'uwsgi:\n  a: ', toml: '[uwsgi]\na = ' } as const;

describe('the reader of ini files', () => {
  test('finds in what is printed the keys that it was printed from', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value)), (keys) => {
        const print = (list: readonly (readonly [string, string])[]): string =>
          ['[uwsgi]', ...list.map(([name, text]) => `${name} = ${text}`)].join('\n');
        const parse = (text: string): (readonly [string, string])[] =>
          readLines(text, 'a.ini', new Map()).lines.map((line) => [line.key, line.value]);
        assert.deepEqual(parse(print(keys)), keys);
        assert.equal(print(parse(print(keys))), print(keys));
      }),
    );
  });

  test('comes to an end, and throws nothing, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = `[uwsgi]\n${Buffer.from(bytes).toString('utf8')}`;
        readFiles([A_FILE], iniWorld({ 'a.ini': text }), OPTIONS);
      }),
    );
  });

  for (const format of ['yaml', 'json', 'toml'] as const) {
    test(`of ${format} files comes to an end, and throws nothing, whatever the text is`, () => {
      const piece = fc.constantFrom(
        ...['uwsgi', ':', ' ', '\n', '\n  ', '-', '[', ']', '{', '}', '"', "'", ',', '=', '.', '#'],
        ...[
          'a',
          '1',
          '%(a)',
          '%n',
          '&x',
          '*x',
          '<<',
          '? ',
          '|',
          '>',
          '---',
          '!!int ',
          'null',
          '\t',
        ],
      );
      const pieces = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''));
      const bytes = fc
        .uint8Array({ maxLength: 200 })
        .map((array) => Buffer.from(array).toString('utf8'));
      fc.assert(
        fc.property(fc.oneof(pieces, bytes), fc.boolean(), (text, isInside) => {
          const whole = isInside && format !== 'json' ? `${BEGINNINGS[format]}${text}` : text;
          readFiles([{ name: 'a', format }], iniWorld({ a: whole }), OPTIONS);
        }),
      );
    });
  }

  test('comes to an end, and throws nothing, however its words are put together', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const text = `[uwsgi]\n${words.join(' ').replaceAll('\n ', '\n')}`;
        readFiles([A_FILE], iniWorld({ 'a.ini': text }), OPTIONS);
      }),
    );
  });

  test('expands references that lead in circles no longer than it must', () => {
    const part = fc.constantFrom('%(a)', '%(b)', '%(', ')', 'x', '%');
    const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, text, (start, a, b) => {
        const expanded = expandReferences(start, '%', (name) => ({ a, b })[name]);
        assert.ok(!expanded.ok || expanded.value.length <= 100_000);
      }),
    );
  });

  test('calculates in 64 bits, whatever the numbers are', () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(number, fc.constantFrom('+', '-', '*'), number, (left, sign, right) => {
        const exact = { '+': left + right, '-': left - right, '*': left * right }[sign];
        const found = calculate(`${left} ${sign} ${right}`, () => undefined);
        assert.equal(found, String(BigInt.asIntN(64, exact)));
      }),
    );
  });

  test('takes any text for a pattern of names', () => {
    fc.assert(
      fc.property(
        fc.string({
          maxLength: 12,
          unit: fc.constantFrom('[', ']', '!', '-', '*', '?', '\\', 'a', 'z', '.', '/', '^'),
        }),
        (text) => {
          assert.ok(globPaths(text, () => [{ name: 'a', isFolder: true }]).length > 0);
        },
      ),
    );
  });
});

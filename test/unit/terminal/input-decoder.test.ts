import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createInputDecoder, type InputEvent } from '../../../top/terminal/input-decoder.js';
import { MAX_PASTE } from '../../../top/terminal/paste.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Keys by name, pastes in quotes, the mouse as what and where. */
const written = (events: readonly InputEvent[]): string[] =>
  events.map((event) => {
    switch (event.type) {
      case 'key':
        return event.key;
      case 'paste':
        return JSON.stringify(event.text);
      case 'press':
        return `press ${event.x},${event.y}`;
      case 'wheel':
        return `wheel ${event.step}`;
    }
  });

function decode(...chunks: (string | Uint8Array)[]): string[] {
  const decoder = createInputDecoder();
  const events = chunks.flatMap((chunk) =>
    decoder.push(typeof chunk === 'string' ? bytesOf(chunk) : chunk),
  );
  return written([...events, ...decoder.flush()]);
}

/** What terminals send, and the keys it stands for. */
const sequences: readonly (readonly [name: string, sent: string, keys: readonly string[]])[] = [
  ['letters', 'qR+', ['q', 'R', '+']],
  ['arrow keys', '\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
  ['arrow keys in application mode', '\x1bOA\x1bOB', ['up', 'down']],
  [
    'home and end in four dialects',
    '\x1b[H\x1b[1~\x1b[7~\x1bOH\x1b[4~',
    ['home', 'home', 'home', 'home', 'end'],
  ],
  ['pages and delete', '\x1b[5~\x1b[6~\x1b[3~', ['pageup', 'pagedown', 'delete']],
  [
    'function keys',
    '\x1bOP\x1bOR\x1b[15~\x1b[20~\x1b[21~\x1b[24~',
    ['f1', 'f3', 'f5', 'f9', 'f10', 'f12'],
  ],
  ['function keys of the linux console', '\x1b[[A\x1b[[E', ['f1', 'f5']],
  [
    'enter, tab, backtab, backspace, space',
    '\r\t\x1b[Z\x7f\b ',
    ['enter', 'tab', 'backtab', 'backspace', 'backspace', 'space'],
  ],
  ['control letters', '\x01\x03\x12\x1a\n', ['ctrl-a', 'ctrl-c', 'ctrl-r', 'ctrl-z', 'ctrl-j']],
  [
    'keys held with modifiers',
    '\x1b[1;5A\x1b[1;2B\x1b[3;3~',
    ['ctrl-up', 'shift-down', 'alt-delete'],
  ],
  ['alt with a letter', '\x1bk\x1bé\x1b\r', ['alt-k', 'alt-é', 'alt-enter']],
  ['letters beyond ASCII', 'éß漢', ['é', 'ß', '漢']],
  ['an emoji', '🐈q', ['🐈', 'q']],
  [
    'kitty: ctrl-a, shift-r, enter, escape',
    '\x1b[97;5u\x1b[114;2u\x1b[13u\x1b[27u',
    ['ctrl-a', 'R', 'enter', 'escape'],
  ],
  ['kitty: releases, caps lock, super', '\x1b[97;1:3u\x1b[97;65u\x1b[97;9u', ['a']],
  ['kitty: the keypad', '\x1b[57400u\x1b[57414u\x1b[57419u', ['1', 'enter', 'up']],
  ['kitty: backtab', '\x1b[9;2u', ['backtab']],
  ['modifyOtherKeys: ctrl-r', '\x1b[27;5;114~', ['ctrl-r']],
  ['an unknown key of the window system', '\x1b[57444u\x1b[1;33A\x1b[99~', []],
  ['a cursor position report', '\x1b[12;40Rq', ['q']],
  ['device attributes', '\x1b[?62;22c\x1b[>41;390;0cq', ['q']],
  ['a mode report', '\x1b[?2026;2$yq', ['q']],
  [
    'colour replies, ended by ST and by BEL',
    '\x1b]10;rgb:ff/ff/ff\x1b\\\x1b]11;rgb:00/00/00\x07q',
    ['q'],
  ],
  ['XTVERSION and a termcap reply', '\x1bP>|XTerm(390)\x1b\\\x1bP1+r524742=38\x1b\\q', ['q']],
  ['focus reports', '\x1b[I\x1b[Oq', ['q']],
  ['the wheel', '\x1b[<64;10;5M\x1b[<65;10;5M', ['wheel -1', 'wheel 1']],
  [
    'a click, its release, and motion',
    '\x1b[<0;250;5M\x1b[<0;250;5m\x1b[<35;1;1M\x1b[32;3;4Mq',
    ['press 249,4', 'q'],
  ],
  [
    'other buttons, and clicks with a key held down',
    '\x1b[<1;2;3M\x1b[<2;2;3M\x1b[<4;2;3M\x1b[<8;2;3M\x1b[<16;2;3M\x1b[<80;2;3Mq',
    ['q'],
  ],
  [
    'reports of the mouse that are none',
    '\x1b[<0;0;3M\x1b[<0;2M\x1b[<0;2;3;4M\x1b[<0;99999;3M\x1b[<;;M\x1b[<64Mq',
    ['q'],
  ],
  ['mouse reports of the oldest kind', '\x1b[M RKq', ['q']],
  ['8-bit controls written in UTF-8', '\u009bA\u009d0;R\u009c\x07q', ['up', 'q']],
  ['a paste', '\x1b[200~kill -9 R\ry\n\x1b[201~q', ['"kill -9 R\\ny\\n"', 'q']],
  ['a paste that holds half its end marker', '\x1b[200~a\x1b[20b\x1b\x1b[201~', ['"a[20b"']],
  ['an empty paste', '\x1b[200~\x1b[201~', ['""']],
  ['escape twice', '\x1b\x1b', ['escape', 'escape']],
  [
    '^C inside an unfinished sequence',
    '\x1b[1\x03\x1b]0;\x03\x1bP\x03',
    ['ctrl-c', 'ctrl-c', 'ctrl-c'],
  ],
  ['a sequence cancelled by another', '\x1b[1\x1b[A', ['up']],
  ['null and other control bytes', '\x00\x1d\x1e\x1fq', ['q']],
  ['^\\', '\x1c', ['ctrl-\\']],
  ['characters that cannot be printed', '\u200b\u202e\ue000q', ['q']],
];

for (const [name, sent, keys] of sequences) {
  test(`${name}: every split gives the same keys`, () => {
    assert.deepEqual(decode(sent), keys);
    const bytes = bytesOf(sent);
    for (let at = 1; at < bytes.length; at++) {
      assert.deepEqual(decode(bytes.subarray(0, at), bytes.subarray(at)), keys, `cut at ${at}`);
    }
    assert.deepEqual(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte))), keys);
  });
}

test('any mixture of sequences, cut anywhere, gives the keys of its parts', () => {
  const whole = sequences.filter(([name]) => name !== 'escape twice');
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...whole), { maxLength: 8 }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (parts, cuts) => {
        const bytes = bytesOf(parts.map(([, sent]) => sent).join(''));
        const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length))])];
        places.sort((a, b) => a - b);
        const chunks = places.map((from, index) => bytes.subarray(from, places[index + 1]));
        assert.deepEqual(
          decode(...chunks),
          parts.flatMap(([, , keys]) => keys),
        );
      },
    ),
  );
});

test('any bytes at all: no exception, nothing unprintable, and any cut gives the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), (bytes, cut) => {
      const keys = decode(bytes);
      assert.deepEqual(decode(bytes.subarray(0, cut), bytes.subarray(cut)), keys);
      for (const key of keys) assert.doesNotMatch(key, /[\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
    { numRuns: 500 },
  );
});

test('bytes that are not UTF-8 make no key, and the key after them is heard', () => {
  assert.deepEqual(decode(Uint8Array.of(0xff, 0xc0, 0x80, 0x71)), ['q']);
  assert.deepEqual(decode(Uint8Array.of(0xe2, 0x82, 0x71)), ['q']);
  assert.deepEqual(decode(Uint8Array.of(0xed, 0xa0, 0x80, 0xf5, 0x71)), ['q']);
  assert.deepEqual(decode(Uint8Array.of(0xe2, 0x82)), []);
});

test('a lone ESC waits 40 ms and is then the escape key', () => {
  const decoder = createInputDecoder();
  assert.equal(decoder.patience(), undefined);
  assert.deepEqual(decoder.push(bytesOf('\x1b')), []);
  assert.equal(decoder.patience(), 40);
  assert.deepEqual(written(decoder.flush()), ['escape']);
  assert.equal(decoder.patience(), undefined);
});

test('the rest of an arrow key that comes after the wait is an arrow key, not a command', () => {
  const decoder = createInputDecoder();
  decoder.push(bytesOf('\x1b'));
  assert.deepEqual(written(decoder.flush()), ['escape']);
  assert.deepEqual(written(decoder.push(bytesOf('[A'))), ['up']);
  decoder.push(bytesOf('\x1b'));
  decoder.flush();
  assert.deepEqual(written(decoder.push(bytesOf('[12;40R'))), []);
});

test('"[" and "O" typed after the escape key are keys', () => {
  for (const key of ['[', 'O']) {
    const decoder = createInputDecoder();
    decoder.push(bytesOf('\x1b'));
    decoder.flush();
    assert.deepEqual(decoder.push(bytesOf(key)), []);
    assert.equal(decoder.patience(), 40);
    assert.deepEqual(written(decoder.flush()), [key]);
  }
  assert.deepEqual(decode('['), ['[']);
});

test('half a sequence is given up after a while without making a key', () => {
  for (const half of ['\x1b[', '\x1b[1;', '\x1bO', '\x1b[M!', '\x1b]11;rgb', '\x1bP>|x', '\xc3']) {
    const decoder = createInputDecoder();
    assert.deepEqual(decoder.push(half === '\xc3' ? Uint8Array.of(0xc3) : bytesOf(half)), []);
    assert.ok((decoder.patience() ?? 0) >= 500, half);
    assert.deepEqual(decoder.flush(), []);
    assert.deepEqual(written(decoder.push(bytesOf('q'))), ['q']);
  }
});

test('a paste without its end is handed over, and keys are heard again', () => {
  const decoder = createInputDecoder();
  decoder.push(bytesOf('\x1b[200~half'));
  assert.equal(decoder.patience(), 5000);
  assert.deepEqual(written(decoder.flush()), ['"half"']);
  assert.deepEqual(written(decoder.push(bytesOf('q'))), ['q']);
});

test('the rest of a paste that stalled is no keys, with its end or without', () => {
  const decoder = createInputDecoder();
  decoder.push(bytesOf('\x1b[200~half'));
  decoder.flush();
  assert.deepEqual(written(decoder.push(bytesOf('R\t\r\x1b[201~q'))), ['"R\\t\\n"', 'q']);
  decoder.push(bytesOf('\x1b[200~half'));
  decoder.flush();
  assert.deepEqual(written(decoder.push(bytesOf('j'))), ['j'], 'a person is heard meanwhile');
  assert.deepEqual(decoder.push(bytesOf('R\t\r and more')), []);
  assert.deepEqual(written(decoder.push(bytesOf('\x1b[201~'))), ['"R\\t\\n and more"']);
});

test('a paste whose first marker was given up half way is no keys', () => {
  for (let cut = 1; cut < 6; cut++) {
    const decoder = createInputDecoder();
    const bytes = bytesOf('\x1b[200~R\t\r\x1b[201~');
    const keys = [...decoder.push(bytes.subarray(0, cut)), ...decoder.flush()];
    const rest = written([...decoder.push(bytes.subarray(cut)), ...decoder.flush()]);
    assert.deepEqual(written(keys), cut === 1 ? ['escape'] : []);
    assert.equal(rest.length, 1);
    assert.match(rest[0] ?? '', /R\\t\\n"$/);
  }
});

test('a paste is bounded, and what exceeds the bound does not become keys', () => {
  const decoder = createInputDecoder();
  const events = decoder.push(bytesOf(`\x1b[200~${'x'.repeat(MAX_PASTE * 2)}\x1b[201~q`));
  assert.equal(events.length, 2);
  assert.equal(events[0]?.type === 'paste' && events[0].text.length, MAX_PASTE);
});

test('a sequence without end is bounded and makes no key', () => {
  assert.deepEqual(decode(`\x1b[${'1;'.repeat(100_000)}A`), []);
  assert.deepEqual(decode(`\x1bO${'1'.repeat(100_000)}`), []);
  assert.deepEqual(decode(`\x1b]0;${'R'.repeat(100_000)}\x07q`), ['q']);
});

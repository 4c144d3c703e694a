import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeClientMessage,
  decodeServerMessage,
  isBootId,
  MAX_CLIENT_MESSAGE,
} from '../../../shared/decode-message.js';
import type { ClientMessage } from '../../../shared/protocol.js';

const HEX = '0123456789abcdef'.repeat(4);
const identity = { worker: 1, pid: 100, spawned: 1_795_327_856 };

function clientError(value: unknown): string {
  const result = decodeClientMessage(typeof value === 'string' ? value : JSON.stringify(value));
  assert.ok(!result.ok);
  return result.error;
}

describe('a message of a client', () => {
  const messages: readonly ClientMessage[] = [
    { type: 'subscribe', interval_ms: 100 },
    { type: 'resync' },
    { type: 'auth', role: 'operate', nonce: HEX, address: '127.0.0.1:9191', mac: HEX },
    { type: 'command', id: 0, command: { name: 'reload' } },
    { type: 'command', id: 1, command: { name: 'reload-worker', ...identity } },
    { type: 'command', id: 3, command: { name: 'reload', how: 'chain' } },
    { type: 'command', id: 2, command: { name: 'kill-worker', signal: 'KILL', ...identity } },
    { type: 'command', id: 3, command: { name: 'traceback', ...identity } },
    { type: 'command', id: 4, command: { name: 'cpu-profile', seconds: 60, ...identity } },
    { type: 'command', id: 4, command: { name: 'gc', ...identity } },
    { type: 'command', id: 4, command: { name: 'heap-snapshot', ...identity }, progress: true },
    { type: 'command', id: 4, command: { name: 'heap-profile', seconds: 1, ...identity } },
    { type: 'command', id: 4, command: { name: 'compare-snapshots', ...identity } },
    {
      ...{ type: 'command', id: 4 },
      command: {
        ...{ name: 'compare-snapshots', before: 'a.heapsnapshot', after: 'b.heapsnapshot' },
        ...identity,
      },
    },
    { type: 'command', id: 5, command: { name: 'stop' } },
    { type: 'command', id: 6, command: { name: 'stop', how: 'now' } },
    { type: 'command', id: 7, command: { name: 'log-level', level: 'debug' } },
    { type: 'command', id: 8, command: { name: 'spooler-drop', queue: '/q', task: 'a1' } },
    { type: 'command', id: 8, command: { name: 'spooler-pause', queue: '/q' } },
    { type: 'command', id: 8, command: { name: 'rotate-key' } },
  ];
  for (const message of messages) {
    test(`${JSON.stringify(message).slice(0, 60)} is read, and unknown keys are ignored`, () => {
      assert.deepEqual(decodeClientMessage(JSON.stringify({ ...message, future: [1] })), {
        ok: true,
        value: message,
      });
    });
  }

  const command = { type: 'command', id: 1 };
  const cases: readonly (readonly [unknown, RegExp])[] = [
    ['', /is not JSON/],
    ['[]', /the message is a list, not an object/],
    ['null', /the message is null/],
    [{}, /type is nothing, which is not known/],
    [{ type: 'hello' }, /type is the string "hello", which is not known/],
    [{ type: 'subscribe', interval_ms: 99 }, /"interval_ms" is the number 99, not 100 to 60000/],
    [{ type: 'subscribe', interval_ms: '1000' }, /is the string "1000"/],
    [{ type: 'auth', role: 'root' }, /"role" is the string "root", not read or operate/],
    [{ ...messages[2], nonce: HEX.toUpperCase() }, /"nonce" is .* not 32 bytes in hex/],
    [{ ...messages[2], mac: `${HEX}\n` }, /"mac" is/],
    [{ ...messages[2], address: 'x'.repeat(513) }, /"address" is/],
    [{ ...command, id: -1 }, /"id" is the number -1/],
    [{ ...command, id: 1.5 }, /"id" is the number 1\.5/],
    [command, /"command" is nothing, not an object/],
    [{ ...command, command: { name: 'destroy' } }, /"name" is the string "destroy"/],
    [{ ...command, command: { name: 'stop', how: 'soon' } }, /"how" .* one of graceful, now/],
    [{ ...command, command: { name: 'spooler-drop', queue: '/q', task: 'a b' } }, /"task"|task/],
    [{ ...command, command: { name: 'spooler-tasks' } }, /"queue"|queue/],
    [
      { ...command, command: { name: 'log-level', level: 'all' } },
      /one of error, warn, info, debug/,
    ],
    [
      { ...command, command: { name: 'cpu-profile', seconds: 61, ...identity } },
      /"seconds" is the number 61, not a whole number, 1 to 60/,
    ],
    [
      { ...command, command: { name: 'cpu-profile', seconds: 1, file: '../x', ...identity } },
      /"file" is the string "..\/x", not for a client to say/,
    ],
    [{ ...command, command: { name: 'constructor' } }, /not a command of this server/],
    [{ ...command, command: { name: 'reload', how: 'gentle' } }, /one of rolling, chain, brutal/],
    [{ ...command, command: { name: 'reload-worker' } }, /"worker" is nothing, not a worker id/],
    [
      { ...command, command: { name: 'reload-worker', ...identity, pid: 0 } },
      /"pid" is the number 0, not a process id/,
    ],
    [
      { ...command, command: { name: 'reload-worker', ...identity, spawned: null } },
      /"spawned" is null, not seconds since 1970/,
    ],
    [
      { ...command, command: { name: 'kill-worker', signal: 'STOP', ...identity } },
      /"signal" is the string "STOP", not one of TERM, HUP, INT, KILL/,
    ],
    ['['.repeat(1000), /nested deeper than 64/],
    ['x'.repeat(MAX_CLIENT_MESSAGE + 1), /16385 characters long, the limit is 16384/],
  ];
  for (const [value, message] of cases) {
    test(`${JSON.stringify(value).slice(0, 70)} is refused in a sentence`, () => {
      assert.match(clientError(value), message);
    });
  }
});

describe('a message of a server', () => {
  const hello = {
    type: 'hello',
    protocol: 1,
    version: '0.1.0',
    boot_id: '01234567-89ab',
    nonce: HEX,
    control: null,
  };
  const verdict = { ok: false, code: 'busy', message: 'a reload is running' };
  const messages = [
    hello,
    { ...hello, control: 'read-only' },
    { ...hello, control: 'no-key' },
    { ...hello, secret: true },
    { ...hello, role: 'operate' },
    { type: 'snapshot', seq: 0, stats: { workers: [] } },
    { type: 'delta', seq: 1, delta: { '+': {} } },
    { type: 'delta', seq: 2, delta: null },
    { type: 'authorised', ...verdict },
    { type: 'reply', id: 4, ...verdict },
    { type: 'outcome', id: 4, ...verdict },
    { type: 'outcome', id: 4, ...verdict, problems: ['app.ini:4: unknown option "proceses"'] },
    { type: 'progress', id: 4, message: 'worker 1 (pid 7): 40 % of the heap is visited' },
  ];
  for (const message of messages) {
    test(`${JSON.stringify(message).slice(0, 60)} is read, and unknown keys are ignored`, () => {
      assert.deepEqual(decodeServerMessage(JSON.stringify({ ...message, future: 1 })), {
        ok: true,
        value: message,
      });
    });
  }

  for (const [value, message] of [
    [{ ...hello, boot_id: '../../../etc' }, /"boot_id" is the string/],
    [{ ...hello, nonce: 'ff' }, /"nonce" is the string "ff"/],
    [{ ...hello, control: 'never' }, /"control" is the string "never"/],
    [{ ...hello, role: 'root' }, /"role" is the string "root", not read or operate/],
    [{ type: 'snapshot', seq: 1, stats: [] }, /"stats" is a list/],
    [{ type: 'delta', seq: '1' }, /"seq" is the string "1"/],
    [{ type: 'reply', id: 4, ok: 1 }, /"ok" is the number 1/],
    [{ type: 'progress', id: 4, message: 40 }, /"message" is the number 40, not a sentence/],
    [{ type: 'outcome', id: 4, ok: true, code: 'great' }, /"code" is the string "great"/],
    [
      { type: 'outcome', id: 4, ...verdict, problems: [1] },
      /"problems" is a list, not a list of sentences/,
    ],
    [{ type: 'reply', ok: true }, /"id" is nothing/],
  ] as const) {
    test(`${JSON.stringify(value).slice(0, 70)} is refused in a sentence`, () => {
      const result = decodeServerMessage(JSON.stringify(value));
      assert.ok(!result.ok);
      assert.match(result.error, message);
    });
  }

  test('only what may be a file name is a boot id', () => {
    assert.equal(isBootId('8b6f1c9e-6f5d-4ff9-9d0c-3f1d3f0a7b11'), true);
    for (const bad of [
      '',
      '.',
      '..',
      '-0123456',
      '0123',
      'a/b/c/d/e',
      'ABCDEFGH',
      'a\0bcdefg',
      7,
    ]) {
      assert.equal(isBootId(bad), false, String(bad));
    }
  });
});

test('whatever text comes, either side gives a value or a sentence', () => {
  const words = fc.constantFrom(
    'hello',
    'delta',
    'snapshot',
    'auth',
    'command',
    'reply',
    'subscribe',
  );
  const message = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .tuple(
        words,
        fc.dictionary(fc.constantFrom('id', 'ok', 'seq', 'command', 'role'), fc.jsonValue()),
      )
      .map(([type, rest]) => JSON.stringify({ ...rest, type })),
  );
  fc.assert(
    fc.property(message, (text) => {
      for (const result of [decodeClientMessage(text), decodeServerMessage(text)]) {
        assert.ok(result.ok || result.error.length > 0);
      }
    }),
  );
});

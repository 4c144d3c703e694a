import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isRedisUrl,
  parseRedisAddress,
  withoutPassword,
} from '../../../../server/queue/redis/address.js';

/** What an address is read as; a text is what is wrong with it. */
function read(text: string): unknown {
  const address = parseRedisAddress(text);
  return address.ok ? address.value : address.error;
}

test('an address names a host and, where they are not the usual ones, port, database and queue', () => {
  assert.deepEqual(read('redis://cats.example'), {
    ...{ tls: false, host: 'cats.example', port: 6379, db: 0, user: null, queue: 'tasks' },
    text: 'redis://cats.example:6379/0#tasks',
  });
  assert.deepEqual(read('REDISS://purr%40er@[::1]:7000/3#big.cats'), {
    ...{ tls: true, host: '::1', port: 7000, db: 3, user: 'purr@er', queue: 'big.cats' },
    text: 'rediss://purr%40er@[::1]:7000/3#big.cats',
  });
});

test('what is written out is read as the same', () => {
  for (const text of ['redis://h', 'rediss://u@h:1/2#q', 'redis://u%3Av@[::1]']) {
    const once = parseRedisAddress(text);
    assert.ok(once.ok);
    assert.deepEqual(read(once.value.text), once.value);
  }
});

for (const [text, why] of [
  ['redis://:purr@h', /a password in it is shown/],
  ['redis://cat:purr@h', /a password in it is shown/],
  ['redis:///1', /it names no host/],
  ['redis://h:65536', /it is not a URL/],
  ['redis://h:0', /no Redis listens on port 0/],
  ['redis://h/cats', /its database "cats" is no number/],
  ['redis://h/1/2', /its database "1\/2" is no number/],
  ['redis://h#a b', /its queue "a%20b" has other characters/],
  ['redis://h?ssl=1', /it has "\?"/],
  ['redis://%zz@h', /its user is not well encoded/],
] as const) {
  test(`${text} is refused`, () => {
    assert.match(String(read(text)), why);
  });
}

test('a password is hidden in what is shown, whatever is in it', () => {
  assert.equal(withoutPassword('redis://cat:p/u:r@r@h:1'), 'redis://cat:***@h:1');
  assert.equal(withoutPassword('redis://:purr@h'), 'redis://:***@h');
  assert.equal(withoutPassword('redis://cat@h:6379/1'), 'redis://cat@h:6379/1');
});

test('a folder is no URL, whatever it is called', () => {
  assert.deepEqual(['redis', '/srv/redis:', './redis://', 'redis://h'].map(isRedisUrl), [
    ...[false, false, false, true],
  ]);
});

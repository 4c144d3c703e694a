import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readRedisPassword } from '../../../../server/queue/redis/password.js';
import { makeFolder } from '../../../support/folder.js';

test('the password is the first line of its file, before that of the environment', (t) => {
  const folder = makeFolder(t, { pw: 'purr purr\r\nmore\n' });
  const file = path.join(folder, 'pw');
  const env = { TSUWSGI_REDIS_PASSWORD_FILE: file, TSUWSGI_REDIS_PASSWORD: 'hiss' };
  assert.equal(readRedisPassword(env), 'purr purr');
  assert.equal(readRedisPassword({ TSUWSGI_REDIS_PASSWORD: 'hiss' }), 'hiss');
  assert.equal(readRedisPassword({}), null);
});

test('a file without a password, or that cannot be read, is named', (t) => {
  const folder = makeFolder(t, { empty: '\n' });
  const readFrom = (name: string) => () =>
    readRedisPassword({ TSUWSGI_REDIS_PASSWORD_FILE: path.join(folder, name) });
  assert.throws(readFrom('empty'), /empty: its first line is empty: write the password/);
  assert.throws(readFrom('none'), /ENOENT.*none.*must be readable by whoever opens the queue/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findGroup,
  findUser,
  groupsOf,
  parseGroup,
  parsePasswd,
} from '../../../server/ownership/accounts.js';

const accounts = {
  users: parsePasswd(
    [
      'root:x:0:0:root:/root:/bin/sh',
      '# a comment',
      'cats:x:1001:1002:,,,:/home/cats:/bin/false',
      'broken:x:one:2::/:',
      'huge:x:4294967295:4294967295::/:',
      '',
    ].join('\n'),
  ),
  groups: parseGroup('root:x:0:\nadm:x:4:cats,dogs\nwww:x:33:dogs,cats,\nbroken:x::cats\n'),
};

test('users and groups are read from their files, lines of another shape are passed over', () => {
  assert.deepEqual(
    accounts.users.map(({ name }) => name),
    ['root', 'cats'],
  );
  assert.deepEqual(accounts.groups, [
    { name: 'root', gid: 0, members: [] },
    { name: 'adm', gid: 4, members: ['cats', 'dogs'] },
    { name: 'www', gid: 33, members: ['dogs', 'cats'] },
  ]);
});

test('a user is found by name and by number, with its group', () => {
  const cats = { ok: true, value: { name: 'cats', uid: 1001, gid: 1002 } };
  assert.deepEqual(findUser(accounts, 'cats'), cats);
  assert.deepEqual(findUser(accounts, '1001'), cats);
});

test('a number without an entry is taken as it is, a name without one is an error', () => {
  assert.deepEqual(findUser(accounts, '4242'), {
    ok: true,
    value: { name: null, uid: 4242, gid: null },
  });
  assert.deepEqual(findGroup(accounts, '4242'), { ok: true, value: 4242 });
  for (const text of ['fish', '', '-1', '1e3', '4294967295', '0x10', ' 0']) {
    assert.equal(findUser(accounts, text).ok, false, `user "${text}"`);
    assert.equal(findGroup(accounts, text).ok, false, `group "${text}"`);
  }
});

test('the groups of a user are those that list it', () => {
  assert.deepEqual(groupsOf(accounts, 'cats'), [4, 33]);
  assert.deepEqual(groupsOf(accounts, 'cat'), []);
  assert.deepEqual(groupsOf(accounts, null), []);
});

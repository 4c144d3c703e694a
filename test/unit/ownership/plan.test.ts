import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type OwnershipOptions,
  type OwnershipPlan,
  planOwnership,
} from '../../../server/ownership/plan.js';

const ACCOUNTS = {
  users: [
    { name: 'root', uid: 0, gid: 0 },
    { name: 'cats', uid: 1001, gid: 1002 },
  ],
  groups: [
    { name: 'adm', gid: 40, members: ['cats'] },
    { name: 'www', gid: 33, members: ['cats'] },
    { name: 'log', gid: 7, members: [] },
  ],
};
const ROOT = { uid: 0, gid: 0 };
const CATS = { uid: 1001, gid: 1002 };

function plan(options: Partial<OwnershipOptions>, self = ROOT): OwnershipPlan {
  const planned = planOwnership(complete(options), ACCOUNTS, self);
  if (!planned.ok) assert.fail(planned.error.join('\n'));
  return planned.value;
}

function problems(options: Partial<OwnershipOptions>, self = ROOT): string[] {
  const planned = planOwnership(complete(options), ACCOUNTS, self);
  return planned.ok ? [] : planned.error;
}

function complete(options: Partial<OwnershipOptions>): OwnershipOptions {
  return {
    uid: undefined,
    gid: undefined,
    'add-gid': [],
    'master-as-root': false,
    'chmod-socket': undefined,
    'chown-socket': undefined,
    umask: undefined,
    ...options,
  };
}

describe('who the master becomes', () => {
  test('nobody else without an option; root is then told so', () => {
    assert.deepEqual(plan({}), {
      master: null,
      children: null,
      socketMode: null,
      socketOwner: null,
      umask: null,
      staysRoot: true,
    });
    assert.equal(plan({}, CATS).staysRoot, false);
  });

  test('the user with its own group, and the groups that list it', () => {
    const { master, staysRoot } = plan({ uid: 'cats' });
    assert.deepEqual(master, { uid: 1001, gid: 1002, groups: [33, 40] });
    assert.equal(staysRoot, false);
  });

  test('--gid replaces the own group, --add-gid adds one, each once', () => {
    const { master } = plan({ uid: 'cats', gid: 'www', 'add-gid': ['log', '99', 'adm'] });
    assert.deepEqual(master, { uid: 1001, gid: 33, groups: [7, 33, 40, 99] });
  });

  test('a group alone leaves root what it is', () => {
    const { master, staysRoot } = plan({ gid: 'www' });
    assert.deepEqual(master, { uid: 0, gid: 33, groups: [] });
    assert.equal(staysRoot, true);
  });

  test('a number without an entry needs a group', () => {
    assert.deepEqual(problems({ uid: '4242' }), [
      '--uid 4242 has no entry in /etc/passwd that names its group: give --gid',
    ]);
    assert.deepEqual(plan({ uid: '4242', gid: '5' }).master, { uid: 4242, gid: 5, groups: [] });
  });

  test('itself again is no change: so it is with a new master after an upgrade', () => {
    assert.equal(plan({ uid: 'cats', 'add-gid': ['log'] }, CATS).master, null);
  });

  test('somebody else is an error for all but root', () => {
    const [problem] = problems({ uid: 'root' }, CATS);
    assert.match(problem!, /^only root can become user 0 and group 0, and this is user 1001 and/);
  });
});

describe('--master-as-root', () => {
  test('gives user and group to the children', () => {
    const { master, children, staysRoot } = plan({ uid: 'cats', 'master-as-root': true });
    assert.deepEqual([master, children], [null, CATS]);
    assert.equal(staysRoot, false, 'the application does not run as root');
  });

  test('excludes --add-gid, and the message names both', () => {
    const [problem] = problems({ uid: 'cats', 'master-as-root': true, 'add-gid': ['log'] });
    assert.match(problem!, /--add-gid log cannot be used with --master-as-root/);
  });
});

describe('socket files and umask', () => {
  test('modes are octal', () => {
    const { socketMode, umask } = plan({ 'chmod-socket': '660', umask: '027' });
    assert.deepEqual([socketMode, umask], [0o660, 0o027]);
    for (const mode of ['9', 'rw', '', '77777', '-1', '0o666']) {
      assert.equal(problems({ 'chmod-socket': mode }).length, 1, mode);
    }
    assert.match(problems({ umask: '1777' })[0]!, /^--umask: "1777" is no octal mode/);
  });

  test('the owner is a user, and a group when there is one', () => {
    assert.deepEqual(plan({ 'chown-socket': 'cats' }).socketOwner, { uid: 1001, gid: -1 });
    assert.deepEqual(plan({ 'chown-socket': 'cats:www' }).socketOwner, { uid: 1001, gid: 33 });
    assert.deepEqual(plan({ 'chown-socket': '5:6' }).socketOwner, { uid: 5, gid: 6 });
    assert.match(problems({ 'chown-socket': 'dogs' })[0]!, /^--chown-socket: there is no user/);
    assert.match(problems({ 'chown-socket': 'cats:dogs' })[0]!, /there is no group "dogs"/);
  });

  test('all problems are told at once', () => {
    const all = { uid: 'dogs', 'chmod-socket': 'x', 'chown-socket': 'dogs', umask: 'x' };
    assert.equal(problems(all).length, 4);
  });
});

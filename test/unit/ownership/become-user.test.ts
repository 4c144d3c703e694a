import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OWNERSHIP_PROBLEMS } from '../../../server/problems/ownership.js';
import {
  becomeUser,
  type IdentitySystem,
  mismatch,
} from '../../../server/ownership/become-user.js';

const CATS = { uid: 1001, gid: 1002, groups: [33, 40] };

function status(lines: Readonly<Record<string, string>> = {}): string {
  const all = {
    Name: 'node',
    Uid: '1001\t1001\t1001\t1001',
    Gid: '1002\t1002\t1002\t1002',
    Groups: '33 40 ',
    CapPrm: '0000000000000000',
    CapEff: '0000000000000000',
    ...lines,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}:\t${value}\n`)
    .join('');
}

function system(statuses: readonly string[]): IdentitySystem & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    setgroups: (groups) => void calls.push(`setgroups ${groups.join()}`),
    setgid: (gid) => void calls.push(`setgid ${gid}`),
    setuid: (uid) => void calls.push(`setuid ${uid}`),
    statuses: () => statuses,
  };
}

describe('becoming a user', () => {
  test('sets groups, group and user in this order', () => {
    const own = system([status(), status()]);
    assert.deepEqual(becomeUser(CATS, own), { ok: true, value: null });
    assert.deepEqual(own.calls, ['setgroups 33,40', 'setgid 1002', 'setuid 1001']);
  });

  test('stops at the first call that fails, and says what was wanted', () => {
    const own: IdentitySystem & { calls: string[] } = {
      ...system([status()]),
      setgid: () => {
        throw new Error('EPERM, Operation not permitted');
      },
    };
    assert.deepEqual(becomeUser(CATS, own), {
      ok: false,
      error: OWNERSHIP_PROBLEMS.notBecome(
        'user 1001, group 1002',
        'EPERM, Operation not permitted',
      ),
    });
    assert.deepEqual(own.calls, ['setgroups 33,40']);
  });

  test('fails when one thread kept what it was', () => {
    const own = system([status(), status({ Uid: '0\t0\t0\t0' })]);
    assert.deepEqual(becomeUser(CATS, own), {
      ok: false,
      error: OWNERSHIP_PROBLEMS.stillAnother('user 1001, group 1002', '"Uid: 0\t0\t0\t0"'),
    });
  });

  test('fails where nothing can be verified', () => {
    assert.equal(becomeUser(CATS, system([])).ok, false);
  });
});

describe('what the kernel says', () => {
  test('agrees whatever the order of the groups', () => {
    assert.equal(mismatch(status({ Groups: '40 33' }), CATS), null);
    assert.equal(mismatch(status({ Groups: '' }), { ...CATS, groups: [] }), null);
  });

  for (const [what, lines] of [
    ['a saved user id that leads back', { Uid: '1001\t1001\t0\t1001' }],
    ['an effective group', { Gid: '1002\t0\t1002\t1002' }],
    ['a group too many', { Groups: '0 33 40' }],
    ['a group too few', { Groups: '33' }],
    ['a capability', { CapEff: '0000000000000400' }],
    ['a line that is missing', { Uid: '' }],
  ] as const) {
    test(`contradicts with ${what}`, () => {
      assert.notEqual(mismatch(status(lines), CATS), null);
    });
  }

  test('lets root keep its capabilities', () => {
    const root = status({ Uid: '0 0 0 0', CapEff: '000001ffffffffff' });
    assert.equal(mismatch(root, { ...CATS, uid: 0 }), null);
  });
});

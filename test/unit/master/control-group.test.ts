import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import {
  parseBytes,
  parseGroupPath,
  parsePressure,
  readSurroundings,
  watchSurroundings,
} from '../../../server/master/control-group.js';
import { makeFolder } from '../../support/folder.js';

const MB = 1024 * 1024;

const PRESSURE = [
  'some avg10=1.50 avg60=0.75 avg300=0.10 total=123456',
  'full avg10=0.25 avg60=0.00 avg300=0.00 total=2345',
  '',
].join('\n');

/** A machine with these files, by their paths from the root. */
function machine(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = makeFolder(t, {});
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

const GROUP = 'sys/fs/cgroup/system.slice/cats.service';

describe('the control group of the master', () => {
  test('tells its limit, what it takes and how much it waits for memory', (t) => {
    const root = machine(t, {
      'proc/self/cgroup': '0::/system.slice/cats.service\n',
      [`${GROUP}/memory.max`]: `${512 * MB}\n`,
      [`${GROUP}/memory.current`]: `${300 * MB}\n`,
      [`${GROUP}/memory.swap.current`]: `${2 * MB}\n`,
      [`${GROUP}/memory.pressure`]: PRESSURE,
      'sys/fs/cgroup/system.slice/memory.max': 'max\n',
    });
    assert.deepEqual(readSurroundings(root), {
      cgroup: { limit: 512 * MB, usage: 300 * MB, swap: 2 * MB },
      pressure: { some_avg10: 1.5, some_avg60: 0.75, full_avg10: 0.25, full_avg60: 0 },
    });
  });

  test('is held to the tightest limit around it, and to what the group of that limit takes', (t) => {
    const root = machine(t, {
      'proc/self/cgroup': '0::/system.slice/cats.service\n',
      [`${GROUP}/memory.max`]: `${512 * MB}\n`,
      [`${GROUP}/memory.current`]: `${100 * MB}\n`,
      'sys/fs/cgroup/system.slice/memory.max': `${256 * MB}\n`,
      'sys/fs/cgroup/system.slice/memory.current': `${200 * MB}\n`,
    });
    const { cgroup, pressure } = readSurroundings(root);
    assert.deepEqual(cgroup, { limit: 256 * MB, usage: 200 * MB, swap: null });
    assert.equal(pressure, null);
  });

  test('has no limit where all say max, and tells what it takes itself', (t) => {
    const root = machine(t, {
      'proc/self/cgroup': '0::/system.slice/cats.service\n',
      [`${GROUP}/memory.max`]: 'max\n',
      [`${GROUP}/memory.current`]: `${100 * MB}\n`,
      'sys/fs/cgroup/system.slice/memory.current': `${200 * MB}\n`,
    });
    const { cgroup } = readSurroundings(root);
    assert.deepEqual(cgroup, { limit: null, usage: 100 * MB, swap: null });
  });

  test('of a container is the root of what it can see', (t) => {
    const root = machine(t, {
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': `${64 * MB}\n`,
      'sys/fs/cgroup/memory.current': `${60 * MB}\n`,
    });
    const { cgroup } = readSurroundings(root);
    assert.deepEqual(cgroup, { limit: 64 * MB, usage: 60 * MB, swap: null });
  });

  for (const [what, text] of [
    ['of version 1', '4:memory:/docker/0123\n1:cpu:/\n'],
    ['of both versions, with memory in version 1', '4:memory:/docker/0123\n0::/\n'],
    ['outside of what can be seen', '0::/../../etc\n'],
    ['of no text at all', ''],
  ] as const) {
    test(`is not known from a group ${what}`, (t) => {
      const root = machine(t, { 'proc/self/cgroup': text, 'etc/memory.current': '1\n' });
      assert.deepEqual(readSurroundings(root), { cgroup: null, pressure: null });
    });
  }

  test('is not known where there is neither /proc nor /sys', (t) => {
    assert.deepEqual(readSurroundings(makeFolder(t, {})), { cgroup: null, pressure: null });
  });

  test('is read at most once a second, however often it is asked for', () => {
    let [now, readings] = [0, 0];
    const surroundings = watchSurroundings(
      () => {
        readings++;
        return { cgroup: { limit: null, usage: readings, swap: null }, pressure: null };
      },
      () => now,
    );
    assert.equal(readings, 0, 'nobody asked');
    for (now = 0; now < 3000; now += 50) surroundings();
    assert.equal(readings, 3);
    assert.equal(surroundings().cgroup?.usage, 4);
  });
});

describe('a hostile file of a control group', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('-1\n', '1e9\n', '0x10\n', '12 34\n', '9'.repeat(21), '1\n2\n', 'NaN', ' 1'),
  );

  test('gives no number that it does not have', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const bytes = parseBytes(hostile);
        assert.ok(bytes === null || /^\d+\n?$/.test(hostile), hostile);
      }),
    );
    assert.equal(parseBytes('123\n'), 123);
    assert.equal(parseBytes('max\n'), null);
  });

  test('gives no path that leads out of the folder of groups', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.string().map((name) => `0::/${name}`),
        ),
        (hostile) => {
          const group = parseGroupPath(hostile);
          if (group === null) return;
          assert.ok(path.join('/sys/fs/cgroup', group).startsWith('/sys/fs/cgroup'), group);
        },
      ),
    );
  });

  test('gives no pressure from anything but its own two lines', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        assert.equal(parsePressure(hostile), null);
      }),
    );
    for (const wrong of [
      PRESSURE.replace('some', 'none'),
      PRESSURE.replace('avg60=0.75', 'avg60=x'),
      PRESSURE.replace('avg10=1.50', 'avg10=-1.50'),
      PRESSURE.replace('avg10=1.50', `avg10=${'9'.repeat(400)}.0`),
      PRESSURE.split('\n')[0] ?? '',
    ]) {
      assert.equal(parsePressure(wrong), null, wrong);
    }
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  openStatFiles,
  pageSize,
  parseResident,
  parseStat,
} from '../../../server/master/proc-stat.js';
import { watchProcesses } from '../../../server/master/process-stats.js';
import { eventually } from '../../support/eventually.js';

const STAT =
  '42 (a ) b) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 11 0 5000 1073741824 2560 1844 1 1 0 0';

describe('a stat file', () => {
  test('tells CPU time, virtual and resident memory, whatever the command is called', () => {
    assert.deepEqual(parseStat(STAT), { cpuMs: 2000, vsz: 1073741824, residentPages: 2560 });
  });

  test('that is cut off or no such file is refused', () => {
    assert.equal(parseStat(STAT.slice(0, 60)), null);
    assert.equal(parseStat(''), null);
  });

  test('of this process agrees with what Node says of it', () => {
    const stat = openStatFiles().read(process.pid);
    const rss = (stat?.residentPages ?? 0) * pageSize();
    const ratio = rss / process.memoryUsage.rss();
    assert.ok(ratio > 0.5 && ratio < 2, `${ratio}`);
  });

  test('leaves resident memory to statm, in which it is exact', async () => {
    const files = openStatFiles();
    await eventually('the same number twice', () => {
      const before = parseResident(readFileSync('/proc/self/statm', 'utf8'));
      return files.read(process.pid)?.residentPages === before;
    });
    files.keep([]);
  });

  test('has a statm file of numbers beside it, or none that is believed', () => {
    assert.equal(parseResident('151245 29314 12800 10 0 42345 0\n'), 29_314);
    for (const wrong of ['', '151245', '1 -2 3', 'a 1 2', `1 ${'9'.repeat(40)} 3`]) {
      assert.equal(parseResident(wrong), null, wrong);
    }
  });
});

test('a process that is gone is not measured, and its file is closed', async (t) => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  t.after(() => child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  const watch = watchProcesses();
  const files = (): number => readdirSync('/proc/self/fd').length;
  await watch.measure([]);
  await watch.measure([pid]);
  assert.notEqual(watch.get(pid), undefined);
  assert.equal(watch.get(pid)?.cpu, null, 'one measurement tells no share');
  child.kill('SIGKILL');
  await once(child, 'close');
  const opened = files();
  await watch.measure([pid]);
  assert.equal(watch.get(pid), undefined);
  await watch.measure([]);
  assert.ok(files() < opened);
});

test('the share of a process that computes is what it says itself', async () => {
  const watch = watchProcesses();
  await watch.measure([process.pid]);
  const before = process.cpuUsage();
  const began = performance.now();
  while (performance.now() - began < 700);
  await watch.measure([process.pid]);
  const { user, system } = process.cpuUsage(before);
  const own = (user + system) / 10 / (performance.now() - began);
  const cpu = watch.get(process.pid)?.cpu ?? 0;
  // The kernel counts in steps of 10 ms, and a loaded machine gives a process less than a core.
  assert.ok(Math.abs(cpu - own) < 5 + own / 4, `${cpu} %, by itself ${own} %`);
});

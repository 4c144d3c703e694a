import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastRoom, memoryRoom } from '../../../server/master/memory-room.js';

const MEMINFO = 'MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:     400 kB\n';

function room(files: Readonly<Record<string, string>>) {
  return memoryRoom((file) => files[file] ?? null);
}

test('without control groups the machine decides, and without /proc nobody', () => {
  const found = room({ '/proc/meminfo': MEMINFO });
  assert.deepEqual(found, { machine: 409_600, group: null });
  assert.equal(leastRoom(found), 409_600);
  assert.equal(leastRoom(room({})), null);
});

test('the narrowest limit of all groups above counts, with cached files as room', () => {
  const found = room({
    '/proc/meminfo': MEMINFO,
    '/proc/self/cgroup': '0::/system.slice/shop.service\n',
    '/sys/fs/cgroup/memory.max': 'max\n',
    '/sys/fs/cgroup/memory.current': '1\n',
    '/sys/fs/cgroup/system.slice/memory.max': '300000\n',
    '/sys/fs/cgroup/system.slice/memory.current': '250000\n',
    '/sys/fs/cgroup/system.slice/memory.stat': 'anon 1\ninactive_file 7000\n',
    '/sys/fs/cgroup/system.slice/shop.service/memory.max': '900000\n',
    '/sys/fs/cgroup/system.slice/shop.service/memory.current': '100000\n',
  });
  assert.equal(found.group, 57_000);
  assert.equal(leastRoom(found), 57_000);
});

test('version 1 has its own names, and a number beyond all memory for no limit', () => {
  const files = {
    '/proc/self/cgroup': '5:cpu:/x\n4:memory:/docker/1\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': '5\n',
    '/sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes': '5000\n',
    '/sys/fs/cgroup/memory/docker/1/memory.usage_in_bytes': '4000\n',
    '/sys/fs/cgroup/memory/docker/1/memory.stat': 'total_inactive_file 10\n',
  };
  assert.equal(room(files).group, 1010);
});

test('a path that climbs out of the groups is not followed', () => {
  const read: string[] = [];
  memoryRoom((file) => {
    read.push(file);
    return file === '/proc/self/cgroup' ? '0::/../../etc\n' : null;
  });
  assert.ok(
    read.every((file) => /^\/(proc|sys\/fs\/cgroup)\//.test(file)),
    read.join(),
  );
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { getHeapSpaceStatistics } from 'node:v8';
import { collectYoung, flagsOf } from '../../../top/heap.js';

test('this V8 knows every flag that it is given', () => {
  const flags = flagsOf(process.versions.v8);
  const { status, stderr } = spawnSync(process.execPath, [...flags, '--eval', '0'], {
    encoding: 'utf8',
  });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
});

test('a V8 that came later, and one that no version tells of, gets no flags', () => {
  for (const version of ['14.6.202.34-node.34', '10.2.154', '', 'next']) {
    assert.deepEqual(flagsOf(version), [], version);
  }
  for (const version of ['11.3.244.8-node.38', '12.4.254.21-node.57', '13.6.233.17-node.53']) {
    assert.equal(flagsOf(version).length, 3, version);
  }
});

test('what is young and of no use any more is collected at once', () => {
  const youngBytes = (): number =>
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
      ?.space_used_size ?? 0;
  // Twice: what lives through both is young no longer, so that there is room for the litter.
  collectYoung();
  collectYoung();
  const kept = youngBytes();
  const littered = ((): number => {
    const litter = Array.from({ length: 5000 }, (_, each) => ({ each }));
    const bytes = youngBytes();
    assert.equal(litter.length, 5000);
    return bytes;
  })();
  collectYoung();
  assert.ok(littered > kept + 50_000, `${kept} bytes, then ${littered}`);
  assert.ok(youngBytes() < littered - 50_000, `${littered} bytes, then ${youngBytes()}`);
});

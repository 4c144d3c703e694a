import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { descriptorKept } from '../../../server/worker/listening.js';

test('a descriptor is kept as long as it is of the same file', () => {
  const fd = openSync(process.execPath, 'r');
  const isKept = descriptorKept(fd);
  assert.equal(isKept(), true);
  closeSync(fd);
  assert.equal(isKept(), false);
});

test('a descriptor is not kept when another file got its number', () => {
  const fd = openSync(process.execPath, 'r');
  const isKept = descriptorKept(fd);
  closeSync(fd);
  const next = openSync(fileURLToPath(import.meta.url), 'r');
  try {
    assert.equal(next, fd, 'the lowest free number is given out');
    assert.equal(isKept(), false);
  } finally {
    closeSync(next);
  }
});

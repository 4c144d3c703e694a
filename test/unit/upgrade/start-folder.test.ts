import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startFolder } from '../../../server/master/upgrade/start-folder.js';
import { makeFolder } from '../../support/folder.js';

test('a master that was started through a link is followed by one that goes through it again', (t) => {
  const root = makeFolder(t, {});
  const first = path.join(root, 'release-1');
  const current = path.join(root, 'current');
  mkdirSync(first);
  mkdirSync(path.join(root, 'release-2'));
  symlinkSync('release-1', current);
  assert.equal(startFolder(first, current), current);
  unlinkSync(current);
  symlinkSync('release-2', current);
  assert.equal(startFolder(first, current), first, 'a link that leads elsewhere says nothing');
});

test('$PWD that is missing, relative or of another folder is not believed', () => {
  assert.equal(startFolder('/', undefined), '/');
  assert.equal(startFolder('/', '.'), '/');
  assert.equal(startFolder('/', '/tmp'), '/');
  assert.equal(startFolder('/', '/no/such/folder'), '/');
});

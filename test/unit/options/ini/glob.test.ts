import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { globPaths } from '../../../../server/options/ini/glob.js';

const TREE: Readonly<Record<string, readonly string[]>> = {
  '.': ['b.ini', 'a.ini', '.hidden.ini', 'conf/', 'B.txt', 'a]b', 'a*b'],
  'conf/': ['x.ini', 'deep/'],
  'conf/deep/': ['y.ini'],
  '../': ['up.ini'],
  '/': ['srv/'],
  '/srv/': ['z.ini'],
};

function glob(pattern: string): readonly string[] {
  return globPaths(pattern, (folder) =>
    (TREE[folder] ?? []).map((entry) => ({
      name: entry.replace(/\/$/, ''),
      isFolder: entry.endsWith('/'),
    })),
  );
}

describe('a pattern of names', () => {
  test('stands for what it matches, in the order of the bytes', () => {
    assert.deepEqual(glob('*.ini'), ['a.ini', 'b.ini']);
    assert.deepEqual(glob('?.*'), ['B.txt', 'a.ini', 'b.ini']);
    assert.deepEqual(glob('[!b-z].ini'), ['a.ini']);
    assert.deepEqual(glob('[z-b].ini'), ['[z-b].ini']);
    assert.deepEqual(glob('[]a]*[]]b'), ['a]b']);
    assert.deepEqual(glob('a\\*b'), ['a*b']);
  });

  test('finds hidden files only by their dot', () => {
    assert.deepEqual(glob('.*.ini'), ['.hidden.ini']);
  });

  test('goes through folders, which end in a slash', () => {
    assert.deepEqual(glob('co*'), ['conf/']);
    assert.deepEqual(glob('*/'), ['conf/']);
    assert.deepEqual(glob('*/*'), ['conf/deep/', 'conf/x.ini']);
    assert.deepEqual(glob('conf/*/y.ini'), ['conf/deep/y.ini']);
    assert.deepEqual(glob('/*/*'), ['/srv/z.ini']);
    assert.deepEqual(glob('../*.ini'), ['../up.ini']);
  });

  test('that matches nothing stands for itself', () => {
    assert.deepEqual(glob('*.yml'), ['*.yml']);
    assert.deepEqual(glob(''), ['']);
    assert.deepEqual(glob('[a'), ['[a']);
  });
});

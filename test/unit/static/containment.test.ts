import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStatic } from '../../../server/static/static.js';
import { ask, makeSite, mounted, NO_STATIC, statusFor } from '../../support/static-site.js';

const SECRET = 'the secret';

/** Every way to write a path that leads out of /static, or that could be taken for one. */
const ESCAPES = [
  '/static/../secret.txt',
  '/static/%2e%2e/secret.txt',
  '/static/%2E%2E/secret.txt',
  '/static/.%2e/secret.txt',
  '/static/%2e./secret.txt',
  '/static/..%2fsecret.txt',
  '/static/..%2Fsecret.txt',
  '/static/%2e%2e%2fsecret.txt',
  '/static/..%5csecret.txt',
  '/static/..\\secret.txt',
  '/static/%5c..%5csecret.txt',
  '/static/sub/../../secret.txt',
  '/static/sub/%2e%2e/%2e%2e/secret.txt',
  '/static/./a.txt',
  '/static/%2e/a.txt',
  '/static/sub%2fb.txt',
  '/static/sub%5cb.txt',
  '/static/a.txt%00',
  '/static/%00a.txt',
  '/static/a.txt%00.html',
  '/static/%c0%ae%c0%ae/secret.txt',
  '/static/%e0%80%ae%e0%80%ae/secret.txt',
  '/static/%c0%af..%c0%afsecret.txt',
  '/static/%uff0e%uff0e/secret.txt',
  '/static/%',
  '/static/%2',
  '/static/%zz',
  'http://localhost/static/%2e%2e/secret.txt',
];

test('a path that leads out of its mount, in any disguise, is refused', async (t) => {
  const site = makeSite(t, { 'static/a.txt': 'a', 'static/sub/b.txt': 'b', 'secret.txt': SECRET });
  const files = mounted(path.join(site, 'static'));
  for (const url of ESCAPES) assert.equal(await statusFor(files, url), 400, url);
  // Once more encoded they are names of files that are not there.
  for (const url of ['/static/%252e%252e/secret.txt', '/static/..%252fsecret.txt']) {
    const isDotted = url.startsWith('/static/.');
    assert.equal(await statusFor(files, url), isDotted ? 404 : 0, url);
  }
});

test('what is not under the mount is the application’s, however it begins', async (t) => {
  const site = makeSite(t, {
    'static/index.html': 'own',
    'static2/secret.txt': SECRET,
    staticfoo: SECRET,
  });
  const files = mounted(path.join(site, 'static'), { indexes: ['index.html'] });
  for (const url of [
    ...['/staticfoo', '/static2/secret.txt', '/staticindex.html', '/', '*', '//static/index.html'],
    ...[
      '/static%2findex.html',
      '/other/../static/index.html',
      '/STATIC/index.html',
      '',
      'static/x',
    ],
  ]) {
    assert.equal(await statusFor(files, url), 0, url);
  }
  for (const url of ['/static/', '/%73tatic/index.html', '/static/index.html?/../..']) {
    assert.equal((await ask(files, url))?.text, 'own', url);
  }
});

test('a folder whose name begins like the root is not in it', async (t) => {
  const site = makeSite(t, { 'static/a.txt': 'a', 'static2/secret.txt': SECRET });
  symlinkSync('../static2', path.join(site, 'static/link'));
  const files = mounted(path.join(site, 'static'));
  assert.equal(await statusFor(files, '/static/link/secret.txt'), 403);
  assert.equal(await statusFor(files, '/static/%2e%2e/static2/secret.txt'), 400);
});

test('links are followed inside the root and into safe folders, and nowhere else', async (t) => {
  const site = makeSite(t, {
    'static/sub/b.txt': 'b',
    'shared/c.txt': 'c',
    'secret.txt': SECRET,
  });
  const root = path.join(site, 'static');
  symlinkSync('sub/b.txt', path.join(root, 'inside'));
  symlinkSync(path.join(site, 'secret.txt'), path.join(root, 'outside'));
  symlinkSync('../..', path.join(root, 'sub/up'));
  symlinkSync('../shared', path.join(root, 'shared'));
  symlinkSync('loop', path.join(root, 'loop'));
  symlinkSync('/proc/self', path.join(root, 'proc'));
  const files = mounted(root);
  assert.equal((await ask(files, '/static/inside'))?.text, 'b');
  for (const name of ['outside', 'sub/up/secret.txt', 'shared/c.txt', 'loop', 'proc/environ']) {
    assert.equal(await statusFor(files, `/static/${name}`), 403, name);
  }
  const safe = mounted(root, { safe: [path.join(site, 'shared')] });
  assert.equal((await ask(safe, '/static/shared/c.txt'))?.text, 'c');
  assert.equal(await statusFor(safe, '/static/outside'), 403);
});

test('a root that is a link serves what it leads to, also after it was turned', async (t) => {
  const site = makeSite(t, { 'one/a.txt': 'one', 'two/a.txt': 'two' });
  symlinkSync('one', path.join(site, 'current'));
  const files = mounted(path.join(site, 'current'));
  assert.equal((await ask(files, '/static/a.txt'))?.text, 'one');
  symlinkSync('two', path.join(site, 'next'));
  renameSync(path.join(site, 'next'), path.join(site, 'current'));
  assert.equal((await ask(files, '/static/a.txt'))?.text, 'two');
});

test('only regular files are served: no FIFO, socket, device or folder', async (t) => {
  const site = makeSite(t, { 'static/sub/b.txt': 'b' });
  const root = path.join(site, 'static');
  execFileSync('mkfifo', [path.join(root, 'fifo')]);
  symlinkSync('/dev/zero', path.join(root, 'zero'));
  const server = net.createServer().listen(path.join(root, 'socket'));
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const files = mounted(root, { safe: ['/dev'] });
  for (const name of ['fifo', 'socket', 'zero']) {
    assert.equal(await statusFor(files, `/static/${name}`), 403, name);
  }
  for (const name of ['', 'sub', 'sub/', 'sub/b.txt/', 'sub/b.txt/c', 'none']) {
    assert.equal(await statusFor(files, `/static/${name}`), 0, name);
  }
});

test('names with a dot in front are not there, but for .well-known', async (t) => {
  const site = makeSite(t, {
    '.env': SECRET,
    '.git/config': SECRET,
    '.well-known/security.txt': 'contact',
    '.well-known/.hidden': SECRET,
  });
  const files = mounted(site);
  for (const name of ['.env', '.git/config', '%2egit/config', '.well-known/.hidden', '...']) {
    assert.equal(await statusFor(files, `/static/${name}`), 404, name);
  }
  assert.equal((await ask(files, '/static/.well-known/security.txt'))?.text, 'contact');
});

test('a name that is too long is not found, and one that may not be read is refused', async (t) => {
  const site = makeSite(t, { 'locked.txt': SECRET });
  const files = mounted(site);
  assert.equal(await statusFor(files, `/static/${'a'.repeat(300)}`), 404);
  assert.equal(await statusFor(files, `/static/${'a/'.repeat(4000)}`), 404);
  if (process.getuid?.() === 0) return;
  chmodSync(path.join(site, 'locked.txt'), 0);
  assert.equal(await statusFor(files, '/static/locked.txt'), 403);
});

test('under --check-static whatever cannot be a file is the application’s', async (t) => {
  const site = makeSite(t, { 'root/a.txt': 'a', 'secret.txt': SECRET });
  symlinkSync('../secret.txt', path.join(site, 'root/link'));
  const files = createStatic({ ...NO_STATIC, checked: [path.join(site, 'root')] });
  assert.ok(files);
  assert.equal((await ask(files, '/a.txt'))?.text, 'a');
  for (const url of ['/link', '/%2e%2e/secret.txt', '/.env', '/a.txt%00', '/', '//a.txt', '/b']) {
    assert.equal(await statusFor(files, url), 0, url);
  }
});

test('no path of whatever characters brings anything from outside, or an open file that stays', async (t) => {
  const site = makeSite(t, { 'static/a.txt': 'a', 'static/sub/b.txt': 'b', 'secret.txt': SECRET });
  mkdirSync(path.join(site, 'static-2'));
  writeFileSync(path.join(site, 'static-2/secret.txt'), SECRET);
  const files = mounted(path.join(site, 'static'), { indexes: ['a.txt'] });
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  const piece = fc.constantFrom(
    ...['/', '..', '.', '%2e', '%2f', '%5c', '\\', '%00', '%', 'secret.txt', 'static', 'static-2'],
    ...['sub', 'a.txt', 'b.txt', '?', ';', '%c0%ae', '%252e', ' ', '//', '/../', '/sub/../../'],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const answer = await ask(files, `/static/${pieces.join('')}`);
      assert.ok(answer?.text.includes(SECRET) !== true);
      const { status } = answer ?? { status: 0 };
      assert.ok([0, 200, 301, 400, 403, 404].includes(status), String(status));
    }),
    { numRuns: 500 },
  );
  // What closes is not waited for: files are closed within a few turns of the loop.
  for (let turn = 0; turn < 1000 && open() > before; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(open() <= before, 'files stay open');
});

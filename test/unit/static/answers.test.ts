import assert from 'node:assert/strict';
import { symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { acceptedCodings } from '../../../server/static/accepted-codings.js';
import { createTypeOf } from '../../../server/static/media-types.js';
import { readRange } from '../../../server/static/range.js';
import { createStatic, type StaticSettings } from '../../../server/static/static.js';
import { ask, makeSite, mounted, NO_STATIC, statusFor } from '../../support/static-site.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const MODIFIED = 'Thu, 01 Jan 2026 00:00:00 GMT';

/** A file of 26 bytes with a known date. */
function letters(t: TestContext, settings: Partial<StaticSettings> = {}) {
  const site = makeSite(t, { 'a.txt': LETTERS });
  const seconds = Date.parse(MODIFIED) / 1000;
  utimesSync(path.join(site, 'a.txt'), seconds, seconds);
  const files = mounted(site, settings);
  return (headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    ask(files, '/static/a.txt', headers, method);
}

test('a file comes with its type, its length, its date and a strong tag', async (t) => {
  const answer = await letters(t)();
  assert.ok(answer);
  const { ETag: tag, ...others } = answer.headers;
  assert.equal(answer.status, 200);
  assert.equal(answer.text, LETTERS);
  assert.match(String(tag), /^"[0-9a-z]+-q"$/);
  assert.deepEqual(others, {
    'Last-Modified': MODIFIED,
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Accept-Ranges': 'bytes',
    'Content-Length': 26,
  });
});

test('HEAD is answered like GET without the content, and other methods by the application', async (t) => {
  const send = letters(t);
  const [get, head] = [await send(), await send({}, 'HEAD')];
  assert.deepEqual(head, { ...get, text: '' });
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    assert.equal(await send({}, method), null, method);
  }
});

test('an empty file has a length of 0 and no range', async (t) => {
  const files = mounted(makeSite(t, { empty: '' }));
  const answer = await ask(files, '/static/empty');
  assert.deepEqual([answer?.status, answer?.headers['Content-Length']], [200, 0]);
  const ranged = await ask(files, '/static/empty', { range: 'bytes=0-0' });
  assert.deepEqual([ranged?.status, ranged?.headers['Content-Range']], [416, 'bytes */0']);
});

test('ranges of one file are those of RFC 9110 §14', async (t) => {
  const send = letters(t);
  const cases: [range: string, status: number, text: string, told: string | undefined][] = [
    ['bytes=0-3', 206, 'abcd', 'bytes 0-3/26'],
    ['bytes=22-', 206, 'wxyz', 'bytes 22-25/26'],
    ['bytes=-2', 206, 'yz', 'bytes 24-25/26'],
    ['bytes=-99', 206, LETTERS, 'bytes 0-25/26'],
    ['bytes=20-99999999999999999999', 206, 'uvwxyz', 'bytes 20-25/26'],
    ['BYTES=0-0', 206, 'a', 'bytes 0-0/26'],
    ['bytes=26-', 416, '', 'bytes */26'],
    ['bytes=99999999999999999999-', 416, '', 'bytes */26'],
    ['bytes=-0', 416, '', 'bytes */26'],
    ['bytes=3-2', 200, LETTERS, undefined],
    ['bytes=-', 200, LETTERS, undefined],
    ['bytes=a-b', 200, LETTERS, undefined],
    ['lines=0-1', 200, LETTERS, undefined],
    ['bytes=0-1,3-4', 200, LETTERS, undefined],
    ['bytes=0-1, 3-4', 200, LETTERS, undefined],
  ];
  for (const [range, status, text, told] of cases) {
    const answer = await send({ range });
    assert.deepEqual([answer?.status, answer?.text], [status, text], range);
    assert.equal(answer?.headers['Content-Range'], told, range);
    assert.equal(answer?.headers['Content-Length'], text.length, range);
  }
  const head = await send({ range: 'bytes=0-3' }, 'HEAD');
  assert.deepEqual([head?.status, head?.headers['Content-Length']], [200, 26]);
});

test('conditions are looked at in the order of RFC 9110 §13.2.2', async (t) => {
  const send = letters(t);
  const tag = String((await send())?.headers['ETag']);
  const [before, after] = ['Wed, 31 Dec 2025 23:59:59 GMT', 'Thu, 01 Jan 2026 00:00:01 GMT'];
  const cases: [headers: Record<string, string>, status: number][] = [
    [{ 'if-none-match': tag }, 304],
    [{ 'if-none-match': `W/${tag}` }, 304],
    [{ 'if-none-match': `"x", ${tag}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"x"' }, 200],
    [{ 'if-none-match': '"x"', 'if-modified-since': after }, 200],
    [{ 'if-modified-since': MODIFIED }, 304],
    [{ 'if-modified-since': after }, 304],
    [{ 'if-modified-since': before }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-match': tag }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': `W/${tag}` }, 412],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-match': '"x"', 'if-none-match': tag }, 412],
    [{ 'if-match': tag, 'if-unmodified-since': before }, 200],
    [{ 'if-unmodified-since': before }, 412],
    [{ 'if-unmodified-since': MODIFIED }, 200],
  ];
  for (const [headers, status] of cases) {
    const answer = await send(headers);
    assert.equal(answer?.status, status, JSON.stringify(headers));
    assert.equal(answer.text, status === 200 ? LETTERS : '', JSON.stringify(headers));
  }
  const unchanged = await send({ 'if-none-match': tag });
  assert.deepEqual(unchanged?.headers, { ETag: tag, 'Last-Modified': MODIFIED });
});

test('a range of another version is answered with the whole', async (t) => {
  const send = letters(t);
  const tag = String((await send())?.headers['ETag']);
  const status = async (condition: string): Promise<number | undefined> =>
    (await send({ range: 'bytes=0-3', 'if-range': condition }))?.status;
  assert.equal(await status(tag), 206);
  assert.equal(await status(MODIFIED), 206);
  for (const other of [`W/${tag}`, '"x"', 'Thu, 01 Jan 2026 00:00:01 GMT', 'nonsense', '']) {
    assert.equal(await status(other), 200, other);
  }
});

test('a date tells nothing of a version while its second is not over', async (t) => {
  const site = makeSite(t, { 'a.txt': LETTERS });
  const seconds = Date.parse(MODIFIED) / 1000;
  utimesSync(path.join(site, 'a.txt'), seconds, seconds);
  const maps = [{ mount: '/static', folder: site, keepsMount: false }];
  const statuses: (number | undefined)[] = [];
  for (const later of [999, 1000]) {
    const files = createStatic({ ...NO_STATIC, maps }, () => Date.parse(MODIFIED) + later);
    assert.ok(files);
    const headers = { range: 'bytes=0-3', 'if-range': MODIFIED };
    statuses.push((await ask(files, '/static/a.txt', headers))?.status);
  }
  assert.deepEqual(statuses, [200, 206]);
});

test('two versions of one length and one second have two tags', async (t) => {
  const site = makeSite(t, { 'a.txt': 'one' });
  const files = mounted(site);
  const file = path.join(site, 'a.txt');
  utimesSync(file, 1000, 1000.25);
  const first = await ask(files, '/static/a.txt');
  writeFileSync(file, 'two');
  utimesSync(file, 1000, 1000.5);
  const second = await ask(files, '/static/a.txt');
  assert.equal(first?.headers['Last-Modified'], second?.headers['Last-Modified']);
  assert.notEqual(first?.headers['ETag'], second?.headers['ETag']);
});

test('a compressed file goes to who takes it, with a tag of its own', async (t) => {
  const site = makeSite(t, {
    ...{ 'a.css': 'plain', 'a.css.gz': 'gzipped', 'a.css.br': 'brotli' },
    ...{ 'b.css': 'plain', 'b.css.gz': 'gzipped', 'c.txt': 'plain', 'c.txt.gz': 'gzipped' },
  });
  const files = mounted(site, { compressed: ['\\.css$'] });
  const cases: [name: string, accepts: string, text: string][] = [
    ['a.css', 'gzip, deflate, br', 'brotli'],
    ['a.css', 'gzip', 'gzipped'],
    ['a.css', 'br;q=0, gzip;q=0.5', 'gzipped'],
    ['a.css', 'br;q=0.5, gzip;q=0.9', 'gzipped'],
    ['a.css', '*', 'brotli'],
    ['a.css', 'identity', 'plain'],
    ['a.css', '', 'plain'],
    ['b.css', 'gzip, br', 'gzipped'],
    ['c.txt', 'gzip, br', 'plain'],
  ];
  const tags = new Set<unknown>();
  for (const [name, accepts, text] of cases) {
    const answer = await ask(files, `/static/${name}`, { 'accept-encoding': accepts });
    assert.equal(answer?.text, text, `${name} for ${accepts}`);
    const coding = text === 'brotli' ? 'br' : text === 'gzipped' ? 'gzip' : undefined;
    assert.equal(answer.headers['Content-Encoding'], coding);
    assert.equal(answer.headers['Vary'], name === 'c.txt' ? undefined : 'Accept-Encoding');
    if (name === 'a.css') {
      tags.add(answer.headers['ETag']);
      assert.equal(answer.headers['Content-Type'], 'text/css; charset=utf-8');
    }
  }
  assert.equal(tags.size, 3);
});

test('a compressed file that is a link to the outside is passed over', async (t) => {
  const site = makeSite(t, { 'static/a.css': 'plain', secret: 'secret' });
  symlinkSync('../secret', path.join(site, 'static/a.css.gz'));
  const files = mounted(path.join(site, 'static'), { compressed: [''] });
  const answer = await ask(files, '/static/a.css', { 'accept-encoding': 'gzip' });
  assert.equal(answer?.text, 'plain');
});

test('a folder is answered by its index, and asked for without a slash it moves', async (t) => {
  const site = makeSite(t, { 'sub/home.html': 'home', 'other/x': 'x' });
  const files = mounted(site, { indexes: ['index.html', 'home.html'] });
  assert.equal((await ask(files, '/static/sub/'))?.text, 'home');
  const moved = await ask(files, '/static/s%75b?q=1');
  assert.deepEqual([moved?.status, moved?.headers['Location']], [301, '/static/s%75b/?q=1']);
  assert.equal(await statusFor(files, '/static/other/'), 0);
  assert.equal(await statusFor(files, '/static/other'), 0);
});

test('endings that are skipped are the application’s, as an index too', async (t) => {
  const site = makeSite(t, { 'index.php': 'source', 'a.txt': 'a' });
  const files = mounted(site, { skipped: ['.php'], indexes: ['index.php'] });
  assert.equal(await statusFor(files, '/static/index.php'), 0);
  assert.equal(await statusFor(files, '/static/'), 0);
  assert.equal(await statusFor(files, '/static/a.txt'), 200);
});

test('the first expression that matches a path says how long it lasts', async (t) => {
  const expires = [
    { pattern: '\\.txt$', seconds: 60 },
    { pattern: '', seconds: 1 },
  ];
  const answer = await letters(t, { expires })();
  assert.equal(answer?.headers['Cache-Control'], 'max-age=60');
  const left = Date.parse(String(answer.headers['Expires'])) - Date.now();
  assert.ok(left > 50_000 && left <= 60_000, String(left));
});

test('maps are looked at in turn, one may be a single file, another keep its mount', async (t) => {
  const site = makeSite(t, {
    ...{ 'first/a.txt': 'first', 'second/a.txt': 'second', 'second/b.txt': 'b' },
    ...{ 'icon.ico': 'icon', 'app/assets/c.txt': 'c', 'app/secret': 'secret' },
  });
  const at = (name: string): string => path.join(site, name);
  const maps = [
    { mount: '/m', folder: at('first'), keepsMount: false },
    { mount: '/m', folder: at('second'), keepsMount: false },
    { mount: '/favicon.ico', folder: at('icon.ico'), keepsMount: false },
    { mount: '/assets', folder: at('app'), keepsMount: true },
  ];
  const files = createStatic({ ...NO_STATIC, maps });
  assert.ok(files);
  const texts = ['/m/a.txt', '/m/b.txt', '/favicon.ico', '/assets/c.txt'];
  const found = await Promise.all(texts.map(async (url) => (await ask(files, url))?.text));
  assert.deepEqual(found, ['first', 'b', 'icon', 'c']);
  for (const url of ['/favicon.ico/', '/favicon.ico/x', '/secret', '/assets/secret', '/m/c']) {
    assert.equal(await statusFor(files, url), 0, url);
  }
});

test('types come from the ending in either case, and a mime file knows better', () => {
  const typeOf = createTypeOf(['# comment\ntext/x-own  own Css # more\nno type here\n']);
  assert.equal(typeOf('/srv/a.HTML'), 'text/html; charset=utf-8');
  assert.equal(typeOf('/srv/a.css'), 'text/x-own; charset=utf-8');
  assert.equal(typeOf('/srv/a.json'), 'application/json');
  for (const name of ['/srv/a.b/none', '/srv/a.unknown', '/srv/a.__proto__', '/srv/a.type']) {
    assert.equal(typeOf(name), 'application/octet-stream', name);
  }
});

test('weights of codings are read as RFC 9110 §12.4.2 writes them', () => {
  const names = (field: string): string =>
    acceptedCodings(field)
      .map(({ name }) => name)
      .join();
  assert.equal(names('GZIP , br'), 'br,gzip');
  assert.equal(names('x-gzip'), 'gzip');
  assert.equal(names('gzip;q=1.5, br;q=nan'), '');
  assert.equal(names('*;q=0'), '');
  assert.equal(names('identity;q=1, gzip;q=0.5'), '');
});

test('a range that is satisfied lies in the file, whatever is asked', () => {
  const number = fc.oneof(fc.constant(''), fc.nat(40).map(String), fc.bigInt().map(String));
  fc.assert(
    fc.property(number, number, fc.nat(30), (first, last, size) => {
      const range = readRange(`bytes=${first}-${last}`, size);
      if (range === null || range === 'none') return;
      assert.ok(0 <= range.first && range.first <= range.last && range.last < size);
    }),
  );
});

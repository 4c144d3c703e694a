import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { outgoing } from '../../../../server/router/compression/compressed-head.js';
import { isCompressible } from '../../../../server/router/compression/compressible.js';
import { type Wish, wishOf } from '../../../../server/router/compression/wish.js';
import type { ResponseHead } from '../../../../server/router/response-head.js';

const TAKES_GZIP: Wish = { method: 'GET', coding: 'gzip', validators: '' };
const TAKES_NOTHING: Wish = { ...TAKES_GZIP, coding: null };
const TEXT = ['Content-Type', 'text/plain; charset=utf-8'];

function head(rawHeaders: readonly string[], more: Partial<ResponseHead> = {}): ResponseHead {
  return {
    ...{ status: 200, reason: 'OK', rawHeaders, framing: { type: 'chunked' } },
    ...{ keepsAlive: true, idleSeconds: null },
    ...more,
  };
}

/** The values of a field as they go out. */
function sent(fields: readonly string[], name: string): string[] {
  return fields.filter((_, at) => at % 2 === 1 && fields[at - 1]?.toLowerCase() === name);
}

function wish(
  fields: readonly string[],
  more: { method?: string; httpVersionMinor?: number } = {},
) {
  return wishOf({ method: 'GET', url: '/', httpVersionMinor: 1, rawHeaders: fields, ...more });
}

describe('what a client takes', () => {
  test('is the coding of the greatest weight, brotli among equals', () => {
    const coding = (field: string): unknown => wish(['Accept-Encoding', field]).coding;
    assert.equal(coding('gzip, deflate, br'), 'br');
    assert.equal(coding('gzip;q=1.0, br;q=0.9'), 'gzip');
    assert.equal(coding('gzip;q=0, *;q=0.5'), 'br');
    assert.equal(coding('identity;q=0, gzip;q=0.1'), 'gzip');
    assert.equal(coding('identity, gzip;q=0.5'), null);
    for (const none of ['', 'deflate', 'gzip;q=0', '*;q=0', 'gzip;q=2', 'identity']) {
      assert.equal(coding(none), null, none);
    }
  });

  test('can be said in several lines', () => {
    assert.equal(wish(['Accept-Encoding', 'br;q=0', 'accept-encoding', 'gzip']).coding, 'gzip');
  });

  test('is nothing compressed in HTTP/1.0, with no-transform, or unless it says so', () => {
    const asks = ['Accept-Encoding', 'gzip'];
    assert.equal(wish(asks, { httpVersionMinor: 0 }).coding, null);
    assert.equal(wish([...asks, 'Cache-Control', 'max-age=0, No-Transform']).coding, null);
    assert.equal(wish([]).coding, null);
  });
});

describe('the head of a compressed answer', () => {
  test('has no length, no ranges, a weak validator, and tells of coding and dependence', () => {
    const { head: out, coding } = outgoing(
      head([...TEXT, 'Content-Length', '5000', 'ETag', '"a"', 'Accept-Ranges', 'bytes'], {
        framing: { type: 'length', length: 5000 },
      }),
      TAKES_GZIP,
    );
    assert.equal(coding, 'gzip');
    assert.deepEqual(out.rawHeaders, [
      ...TEXT,
      ...['ETag', 'W/"a"', 'Vary', 'Accept-Encoding', 'Content-Encoding', 'gzip'],
    ]);
    assert.deepEqual(out.framing, { type: 'close' });
  });

  test('adds to Vary what is not there yet', () => {
    const vary = (...fields: string[]): string[] =>
      sent(outgoing(head([...TEXT, ...fields]), TAKES_GZIP).head.rawHeaders, 'vary');
    assert.deepEqual(vary('Vary', 'Origin'), ['Origin, Accept-Encoding']);
    assert.deepEqual(vary('vary', 'Origin, accept-encoding'), ['Origin, accept-encoding']);
    assert.deepEqual(vary('Vary', '*'), ['*']);
    assert.deepEqual(vary('Vary', 'Cookie', 'Vary', 'Origin'), [
      'Cookie',
      'Origin, Accept-Encoding',
    ]);
  });

  test('leaves a validator weak that is weak', () => {
    const { head: out } = outgoing(head([...TEXT, 'ETag', 'W/"a"']), TAKES_GZIP);
    assert.deepEqual(sent(out.rawHeaders, 'etag'), ['W/"a"']);
  });

  test('is the same for HEAD, which has no body to compress', () => {
    const fields = [...TEXT, 'Content-Length', '5000'];
    const got = outgoing(head(fields, { framing: { type: 'length', length: 5000 } }), TAKES_GZIP);
    const asked = outgoing(head(fields, { framing: { type: 'none' } }), {
      ...TAKES_GZIP,
      method: 'HEAD',
    });
    assert.equal(asked.coding, null);
    assert.deepEqual(asked.head.rawHeaders, got.head.rawHeaders);
    assert.deepEqual(asked.head.framing, { type: 'none' });
  });

  test('tells caches of the dependence also when this client takes it as it is', () => {
    const fields = [...TEXT, 'ETag', '"a"'];
    const { head: out, coding } = outgoing(head(fields), TAKES_NOTHING);
    assert.equal(coding, null);
    assert.deepEqual(out.rawHeaders, [...fields, 'Vary', 'Accept-Encoding']);
  });

  test('stays as it is where the bytes must, or nothing is gained', () => {
    const left: [string, string[], Partial<ResponseHead>?][] = [
      ['compressed already', [...TEXT, 'Content-Encoding', 'br']],
      ['a part', [...TEXT, 'Content-Range', 'bytes 0-1/9'], { status: 206 }],
      ['a part by its status', TEXT, { status: 206 }],
      ['a refused range', [...TEXT, 'Content-Range', 'bytes */9'], { status: 416 }],
      ['nothing', TEXT, { status: 204, framing: { type: 'none' } }],
      ['unchanged', TEXT, { status: 304, framing: { type: 'none' } }],
      ['no-transform', [...TEXT, 'Cache-Control', 'public', 'Cache-Control', 'no-transform']],
      ['a digest', [...TEXT, 'Content-Digest', 'sha-256=:a:']],
      ['a digest behind the body', [...TEXT, 'Trailer', 'X-Sum, Repr-Digest']],
      ['small', [...TEXT, 'Content-Length', '1023']],
      ['events', ['Content-Type', 'text/event-stream']],
      ['a picture', ['Content-Type', 'image/png']],
      ['no type', []],
    ];
    for (const [name, fields, more] of left) {
      const given = head(fields, more);
      assert.deepEqual(outgoing(given, TAKES_GZIP), { head: given, coding: null }, name);
    }
  });
});

describe('304', () => {
  const unchanged = head(['ETag', '"a"'], { status: 304, framing: { type: 'none' } });

  test('names the validator of the compressed content to who has that', () => {
    const has = wish(['If-None-Match', '"x", W/"a"', 'Accept-Encoding', 'gzip']);
    assert.deepEqual(outgoing(unchanged, has).head.rawHeaders, [
      ...['ETag', 'W/"a"', 'Vary', 'Accept-Encoding'],
    ]);
  });

  test('stays as it is for who has the content as it is', () => {
    const has = wish(['If-None-Match', '"a"', 'Accept-Encoding', 'gzip']);
    assert.equal(outgoing(unchanged, has).head, unchanged);
  });
});

test('text and what is written as text is compressible, pictures, films and events are not', () => {
  const yes = ['text/html', 'TEXT/CSS;charset=x', 'application/json', 'application/problem+json'];
  for (const type of [...yes, 'image/svg+xml', 'application/wasm', 'application/atom+xml']) {
    assert.ok(isCompressible(type), type);
  }
  const no = ['', 'image/png', 'video/mp4', 'application/zip', 'text/event-stream; charset=utf-8'];
  for (const type of [...no, 'font/woff2', 'application/octet-stream', 'multipart/mixed']) {
    assert.ok(!isCompressible(type), type);
  }
});

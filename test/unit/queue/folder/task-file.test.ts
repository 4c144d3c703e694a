import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { problemOf } from '../../../../shared/result.js';
import {
  decodeHead,
  decodeTrailer,
  encodeHead,
  encodeTrailer,
} from '../../../../server/queue/folder/task-file.js';

const HEAD = {
  ...{ id: 'a'.repeat(32), name: 'paint', priority: 5, retries: 3, backoff: 10, timeout: null },
  ...{ dedupeKey: 'käse\n', spooledAt: 1000, due: 1_000_000, hasBody: true },
};

test('the first lines are read as they were written, whatever the payload is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (payload) => {
      const text = JSON.stringify(payload);
      const bytes = encodeHead(HEAD, text);
      const decoded = decodeHead(Buffer.concat([bytes, Buffer.from('a body\n')]));
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value.head, { ...HEAD, payload: JSON.parse(text) as unknown });
      assert.equal(decoded.value.bodyStart, bytes.length);
    }),
  );
});

test('bytes of any kind are read or refused, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const buffer = Buffer.from(bytes);
      assert.ok(!decodeHead(buffer).ok);
      assert.ok(!decodeTrailer(buffer, buffer.length).ok);
    }),
  );
});

test('what is wrong with the first lines is said', () => {
  const good = encodeHead(HEAD, '1').toString();
  const said = (text: string): string | null => problemOf(decodeHead(Buffer.from(text)));
  assert.equal(said('#!/bin/sh\n'), 'it does not begin as a task does');
  assert.equal(
    said(good.replace('task 1', 'task 2')),
    'it has format 2; this version reads format 1',
  );
  assert.equal(said(good.slice(0, -1)), 'its second line does not end');
  assert.match(said(good.replace('"payload":1', '"payload":')) ?? '', /is not JSON/);
  assert.equal(
    said(good.replace('"priority":5', '"priority":10')),
    '"priority" in its second line is missing or wrong',
  );
  assert.equal(
    said(good.replace(',"retries":3', '')),
    '"retries" in its second line is missing or wrong',
  );
});

test('a file that lost bytes, or got some, does not fit its last line', () => {
  const content = Buffer.from('content');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const end = encodeTrailer(sha256, content.length);
  const size = content.length + end.length;
  assert.deepEqual(decodeTrailer(end, size), { ok: true, value: { sha256, length: 7 } });
  assert.equal(
    problemOf(decodeTrailer(end, size - 1)),
    `it has ${size - 1} bytes, and its last line speaks of ${size}`,
  );
  assert.equal(
    problemOf(decodeTrailer(end.subarray(0, -1), size - 1)),
    'it does not end with its digest',
  );
});

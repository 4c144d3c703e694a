import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../shared/delta.js';
import { decodeAnswer, decodeDocument, decodeValue } from '../../../shared/decode-stats.js';
import { diff, patch } from '../../../shared/delta.js';
import type { DecodedInstance } from '../../../shared/stats.js';
import { firstDocument } from '../../support/watched-documents.js';
import { readCapture } from '../../support/uwsgi-captures.js';

const worker = { id: 1, pid: 10, status: 'idle' };

function decode(value: unknown): ReturnType<typeof decodeDocument> {
  return decodeDocument(new TextEncoder().encode(JSON.stringify(value)));
}

function instance(value: unknown): DecodedInstance & { damaged: boolean } {
  const decoded = decode(value);
  assert.ok(decoded.ok && decoded.value.kind === 'instance');
  return { ...decoded.value.instance, damaged: decoded.value.damaged };
}

function errorOf(bytes: string | Uint8Array): string {
  const decoded = decodeDocument(
    typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
  );
  assert.ok(!decoded.ok);
  return decoded.error.message;
}

describe('an answer that is no stats document is named', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /an empty answer/],
    [' \r\n', /an empty answer/],
    ['[]', /a JSON list, not a stats document/],
    ['"hello"', /the string "hello" as JSON/],
    ['null', /null as JSON/],
    ['42', /the number 42 as JSON/],
    ['{}', /a JSON object that is no stats document: no "workers", it is empty/],
    ['{"status":"UP","x":1}', /it has "status", "x"/],
    ['HTTP/1.1 404 Not Found\r\n\r\n', /an HTTP answer 404 Not Found$/],
    ['HTTP/1.0 200 O\u0007K\r\n\r\n{}', /an HTTP answer 200 O\?K$/],
    ['<!doctype html><p>', /an HTML or XML page/],
    ['\u0015\u0003\u0001\u0000\u0002\u0002\u0016', /speaks TLS/],
    ['-ERR unknown command', /not JSON/],
    ['{"workers":{}}', /\$\.workers is an object, not a list/],
    ['{"vassals":7}', /\$\.vassals is the number 7, not a list/],
  ];
  for (const [answer, message] of cases) {
    test(JSON.stringify(answer), () => {
      assert.match(errorOf(answer), message);
    });
  }
});

describe('an instance', () => {
  test('needs of a worker only id, pid and status', () => {
    assert.deepEqual(instance({ workers: [worker] }), { workers: [worker], damaged: false });
  });

  test('without one of these is an error that says where', () => {
    for (const key of ['id', 'pid', 'status']) {
      const decoded = decode({ workers: [worker, { ...worker, [key]: null }] });
      assert.ok(!decoded.ok);
      assert.equal(decoded.error.path, `$.workers[1].${key}`);
      assert.match(decoded.error.message, /is null$/);
    }
    const decoded = decode({ workers: ['x'] });
    assert.ok(!decoded.ok);
    assert.match(decoded.error.message, /\$\.workers\[0\] is the string "x", not an object/);
  });

  test('other fields of a wrong type are left out and mark the document damaged', () => {
    const read = instance({
      version: 7,
      cwd: '/srv',
      workers: [{ ...worker, rss: 'big', tx: 5, cores: {}, state: 'asleep', cpu: null }],
    });
    assert.deepEqual(read, {
      cwd: '/srv',
      workers: [{ ...worker, tx: 5, cpu: null }],
      damaged: true,
    });
  });

  test('what was wrong can be read', () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ pid: -1, workers: [worker] }));
    const answer = decodeAnswer(bytes);
    assert.ok(answer.ok);
    assert.deepEqual(answer.value.notes, [
      '$.pid is the number -1, not a whole number up to 2147483647',
    ]);
  });

  test('unknown fields are no damage and do not pass', () => {
    const read = instance({ mules: [], workers: [{ ...worker, future: 1 }] });
    assert.deepEqual(read, { workers: [worker], damaged: false });
  });

  test('numbers that no counter can have are left out', () => {
    for (const tx of ['-1', '1e999', '"7"', 'true']) {
      const text = `{"workers":[{"id":1,"pid":10,"status":"idle","tx":${tx}}]}`;
      const decoded = decodeDocument(new TextEncoder().encode(text));
      assert.ok(decoded.ok && decoded.value.kind === 'instance');
      assert.equal(decoded.value.damaged, true);
      assert.deepEqual(decoded.value.instance.workers, [worker]);
    }
  });

  test('latency buckets that do not exist are left out', () => {
    const latency = { count: 3, sum_us: 9, buckets: [[4, 1], [200, 1], [1.5, 1], ['a'], [123, 2]] };
    const read = instance({ workers: [{ ...worker, latency }] });
    assert.deepEqual(read.workers[0]?.latency?.buckets, [
      [4, 1],
      [123, 2],
    ]);
    assert.equal(read.damaged, true);
  });

  test('lists and strings are bounded', () => {
    const many = Array.from({ length: 10_001 }, () => worker);
    const read = instance({ cwd: 'x'.repeat(10_000), workers: many });
    assert.equal(read.workers.length, 10_000);
    assert.equal(read.cwd?.length, 4096);
    assert.equal(read.damaged, true);
  });

  test('an object that lacks a field is left out of its list', () => {
    const socket = {
      name: ':80',
      proto: 'http',
      queue: 1,
      max_queue: 9,
      shared: 0,
      can_offload: 0,
    };
    const read = instance({ sockets: [socket, { name: ':81' }], workers: [] });
    assert.deepEqual(read.sockets, [socket]);
    assert.equal(read.damaged, true);
  });

  test('keys of the prototype are only keys', () => {
    const read = instance(
      JSON.parse('{"locks":[{"__proto__":1}],"workers":[],"__proto__":{"pid":9}}'),
    );
    assert.equal(read.pid, undefined);
    assert.equal(Object.getPrototypeOf(read.locks?.[0]), Object.prototype);
    assert.deepEqual(Object.keys(read.locks?.[0] ?? {}), ['__proto__']);
  });
});

describe('whatever comes', () => {
  test('bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.equal(typeof decodeDocument(bytes).ok, 'boolean');
      }),
    );
  });

  test('JSON never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.equal(typeof decodeValue(value as Json).ok, 'boolean');
      }),
    );
  });

  test('a document with any value at any place never throws, and what is read is of its type', () => {
    const text = readCapture('03-basic-slow-in-flight.json').toString();
    const values = [...text.matchAll(/:("[^"]*"|\d+)/g)];
    fc.assert(
      fc.property(fc.nat(values.length - 1), fc.jsonValue({ maxDepth: 2 }), (which, value) => {
        const match = values[which]!;
        const changed =
          text.slice(0, match.index) +
          `:${JSON.stringify(value)}` +
          text.slice(match.index + match[0].length);
        const decoded = decodeDocument(new TextEncoder().encode(changed));
        if (!decoded.ok || decoded.value.kind !== 'instance') return;
        for (const each of decoded.value.instance.workers) {
          assert.ok(Number.isSafeInteger(each.id) && Number.isSafeInteger(each.pid));
          assert.ok(each.rss === undefined || (Number.isFinite(each.rss) && each.rss >= 0));
        }
      }),
    );
  });
});

test('of a document after a delta only the workers that it names are read anew', () => {
  const before = { workers: [1, 2].map((id) => ({ id, pid: id, status: 'idle', requests: 1 })) };
  const after = patch(before, diff(before, changed(before)));
  const first = decodeValue(before);
  assert.ok(first.ok && first.value.kind === 'instance');
  const second = decodeValue(after, { value: before, document: first.value });
  assert.ok(second.ok && second.value.kind === 'instance');
  const { workers: old } = first.value.instance;
  const { workers } = second.value.instance;
  assert.equal(workers[0], old[0]);
  assert.notEqual(workers[1], old[1]);
  assert.equal(workers[1]?.requests, 5);
});

function changed(document: Json): Json {
  const copy = structuredClone(document) as { workers: { requests: number }[] };
  if (copy.workers[1] !== undefined) copy.workers[1].requests = 5;
  return copy;
}

test('what was damaged in a worker is said each time it is read', () => {
  const value = { workers: [{ id: 1, pid: 1, status: 'idle', requests: -1 }] };
  const first = decodeValue(value);
  assert.ok(first.ok);
  for (const read of [first, decodeValue(value, { value, document: first.value })]) {
    assert.ok(read.ok);
    assert.equal(read.value.damaged, true);
  }
});

test('a worker that is as it should be is taken as it is, not copied', () => {
  const document = JSON.parse(JSON.stringify(firstDocument(3))) as { workers: Json[] };
  const read = decodeValue(document);
  assert.ok(read.ok && read.value.kind === 'instance');
  read.value.instance.workers.forEach((worker, index) => {
    assert.equal(worker, document.workers[index]);
  });
});

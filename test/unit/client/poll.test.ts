import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { backOff } from '../../../top/client/back-off.js';
import type { Ending } from '../../../top/client/exchange.js';
import { httpBody, looksLikeHttp } from '../../../top/client/http-answer.js';
import { judge, type Manner } from '../../../top/client/poll.js';
import { readCapture } from '../../support/uwsgi-captures.js';
import { target } from '../../support/client-log.js';

const DOCUMENT = '{"workers":[]}';

describe('what a poll teaches about a server', () => {
  const cases: readonly (readonly [Manner, string, Ending, boolean, Manner, boolean])[] = [
    // manner before, answer, ending, whether we spoke, manner afterwards, whether it is a document
    ['unknown', DOCUMENT, 'end', false, 'raw', true],
    ['unknown', DOCUMENT, 'reset', true, 'raw', true],
    ['unknown', `HTTP/1.0 200 OK\r\n\r\n${DOCUMENT}`, 'end', true, 'http', true],
    ['unknown', '', 'reset', true, 'raw', false],
    ['unknown', '', 'end', false, 'unknown', false],
    ['raw', '', 'end', false, 'unknown', false],
    ['raw', '', 'deadline', false, 'unknown', false],
    ['http', '', 'reset', true, 'unknown', false],
    ['http', DOCUMENT, 'end', true, 'raw', true],
    ['raw', DOCUMENT.slice(0, 5), 'deadline', false, 'unknown', false],
    ['raw', DOCUMENT.slice(0, 5), 'reset', false, 'raw', false],
    ['http', 'HTTP/1.0 503 Busy\r\n\r\n', 'end', true, 'http', false],
  ];
  for (const [before, answer, ending, spoke, after, isDocument] of cases) {
    test(`${before}, ${JSON.stringify(answer.slice(0, 20))}, ${ending}: ${after}`, () => {
      const done = { bytes: Buffer.from(answer), ending, spoke };
      const { manner, result } = judge(target('127.0.0.1:1'), before, done);
      assert.equal(manner, after);
      assert.equal(result.ok, isDocument);
      if (!result.ok) assert.equal(result.error.unreachable, ending === 'deadline');
    });
  }
});

describe('an HTTP answer', () => {
  test('of a real uWSGI gives its document', () => {
    const bytes = readCapture('22-stats-http-raw.txt');
    assert.equal(looksLikeHttp(bytes), true);
    const body = httpBody(bytes);
    assert.ok(body.ok);
    assert.equal(body.value.subarray(0, 20).toString(), '{\n\t"version":"2.0.30');
  });

  for (const [text, message] of [
    ['HTTP/1.1 200 OK\r\nContent-', /breaks off in its head/],
    [`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, /breaks off in its head/],
    ['HTTP/2.0 200 OK\r\n\r\n', /unknown version/],
    ['HTTP/1.1 404 Not Found\r\n\r\n<html>', /HTTP 404 Not Found$/],
    ['HTTP/1.1 421 No\r\n\r\nuse --stats-allow-host\nx', /HTTP 421 No: use --stats-allow-host$/],
    ['HTTP/1.1 500 \u001b[2J\r\n\r\n', /HTTP 500 \?\[2J$/],
    ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}', /breaks off after 2 of 9 bytes/],
  ] as const) {
    test(`${JSON.stringify(text.slice(0, 50))} is refused in a sentence`, () => {
      const body = httpBody(Buffer.from(text));
      assert.ok(!body.ok);
      assert.match(body.error, message);
    });
  }
});

test('waits double from a quarter of a second to five, less up to a fifth by chance', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 1000].map((failures) => backOff(failures, 0));
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  assert.equal(backOff(1, 1), 200);
  assert.equal(backOff(0, 0), 250);
});

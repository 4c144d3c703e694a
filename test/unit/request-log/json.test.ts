import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createJson } from '../../../server/request-log/json.js';
import { noRequest } from '../../../server/request-log/logged.js';
import { entryToLog, HEAD, requestToLog } from '../../support/logged.js';

describe('a line of --log-json', () => {
  test('is an object with numbers as numbers, and null for what is not known', () => {
    assert.deepEqual(JSON.parse(createJson(false)(entryToLog())), {
      time: '2026-11-02T06:03:49.998Z',
      ...{ pid: 11, worker: 2, core: 3, client: '192.0.2.7', user: null },
      ...{ method: 'GET', uri: '/cats?name=a', protocol: 'HTTP/1.1', host: 'a' },
      ...{ user_agent: null, referer: null, status: 200, body_bytes: 5, headers: 2 },
      ...{ header_bytes: HEAD.length, micros: 1500, vars: 11, vars_bytes: 222 },
      static: false,
      client_left: false,
    });
  });

  test('has the memory under --memory-report', () => {
    const { vsz, rss } = JSON.parse(createJson(true)(entryToLog())) as Record<string, number>;
    assert.deepEqual([vsz, rss], [3 * 1024 * 1024, 2 * 1024 * 1024]);
  });

  test('has nothing but null where no request was', () => {
    const entry = entryToLog({ request: noRequest({}), status: 400, core: -1 });
    const { method, uri, protocol, status, core } = JSON.parse(createJson(false)(entry)) as Record<
      string,
      unknown
    >;
    assert.deepEqual([method, uri, protocol, status, core], [null, null, null, 400, null]);
  });

  test('is one line without a control character, whatever a client wrote, and reads back as that', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const request = requestToLog({
          url: text,
          headers: { 'user-agent': `\u009b\u202e${text}` },
        });
        const line = createJson(false)(entryToLog({ request }));
        assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        const read = JSON.parse(line) as Record<string, unknown>;
        assert.deepEqual([read['uri'], read['user_agent']], [text, `\u009b\u202e${text}`]);
      }),
    );
  });
});

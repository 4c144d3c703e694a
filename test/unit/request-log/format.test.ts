import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkFormat, compileFormat } from '../../../server/request-log/format.js';
import type { Logged } from '../../../server/request-log/logged.js';
import { VARIABLES } from '../../../server/request-log/variables.js';
import { entryToLog, HEAD, requestToLog } from '../../support/logged.js';

function line(text: string, given: Partial<Logged> = {}): string {
  const compiled = compileFormat(text);
  assert.ok(compiled.ok);
  return compiled.value(entryToLog(given));
}

describe('a line of --log-format', () => {
  test('has the variables in their places, and all else as it is written', () => {
    assert.equal(
      line('%(addr) - "%(method) %(uri) %(proto)" %(status) 100% (%(rsize)+%(hsize)=%(size))'),
      `192.0.2.7 - "GET /cats?name=a HTTP/1.1" 200 100% (5+${HEAD.length}=${HEAD.length + 5})`,
    );
    assert.equal(line('%(micros) %(msecs) %(secs)'), '1500 1 0.001500');
    assert.equal(line('%(pid) %(wid) %(core) %(vszM) %(rssM)'), '11 2 3 3 2');
  });

  test('counts time from when the request began', () => {
    assert.equal(
      line('%(tmsecs) %(time) %(epoch) %(ftime)'),
      '1793599429998 1793599429 1793599430 2026-11-02T06:03:49.998Z',
    );
    assert.match(line('%(ltime)'), /^\d\d\/Nov\/2026:\d\d:\d\d:49 [+-]\d{4}$/);
  });

  test('has a CGI variable by its name, that of a uwsgi packet first', () => {
    const request = requestToLog({
      headers: { host: 'a', 'x-cat': 'bengt', 'content-type': 'text/plain' },
      socket: { remoteAddress: '192.0.2.7', uwsgi: { REMOTE_USER: 'suki', X: 'y' } },
    });
    assert.equal(
      line('%(var.HTTP_X_CAT) %(var.QUERY_STRING) %(var.PATH_INFO) %(var.CONTENT_TYPE)', {
        request,
      }),
      'bengt name=a /cats text/plain',
    );
    assert.equal(line('%(user) %(var.X)', { request }), 'suki y');
  });

  test('has - for what is not known, as with uWSGI', () => {
    const request = requestToLog({ headers: {}, httpVersion: '', url: undefined });
    assert.equal(
      line('%(user) %(referer) %(uagent) %(cl) %(uri) %(proto) %(switches) %(core)', {
        ...{ request, core: -1 },
      }),
      '- - - - - - - -',
    );
    assert.equal(line('%(var.HTTP_NONE) %(var.NONE) %(metric.mine) %(var.__proto__)'), '- - - -');
  });

  test('tells of a client that left, while it sent or while it was sent to', () => {
    const counts = '%(werr) %(rerr) %(ioerr)';
    assert.equal(line(counts), '0 0 0');
    assert.equal(line(counts, { isCut: true }), '1 0 1');
    const request = requestToLog({ complete: false });
    assert.equal(line(counts, { isCut: true, request }), '0 1 1');
  });

  test('cannot be left by what a client wrote: quotes, backslashes and controls are escaped', () => {
    const request = requestToLog({
      headers: { 'user-agent': 'a" 200 \\ \x1b[2J\n\x7f\x9b \u00e9' },
      url: '/\u202e\u2028',
    });
    assert.equal(
      line('"%(uagent)" %(uri)', { request }),
      '"a\\x22 200 \\x5c \\x1b[2J\\x0a\\x7f\\x9b \u00e9" /\\x202e\\x2028',
    );
  });

  test('has a value for every variable', () => {
    for (const name of Object.keys(VARIABLES)) assert.notEqual(line(`%(${name})`), '');
  });
});

describe('a --log-format that cannot be used', () => {
  for (const [text, problem] of [
    ['%(metod)', /^%\(metod\) is no variable; did you mean method\?; write one of uri, method, /],
    ['%(uri) %(status', /^"%\(status" has no closing parenthesis: write /],
    ['%(__proto__)', /^%\(__proto__\) is no variable/],
    ['a\nb', /control character/],
  ] as const) {
    test(`${JSON.stringify(text)} is refused with what is wrong`, () => {
      assert.match(checkFormat(text) ?? '', problem);
    });
  }

  test('and one that can is taken', () => {
    assert.equal(checkFormat('%(uri) 100% %(var.HTTP_X) %(metric.x)'), null);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPresenter, type Presentation } from '../../../server/dev-command/present.js';

const HOW: Presentation = {
  hasColours: false,
  tellsAddresses: false,
  read: (file) => (file === '/app.js' ? 'throw x;' : null),
  isOurs: (file) => file.startsWith('/tsuwsgi/'),
};

const shown = (value: unknown, how: Partial<Presentation> = {}): string[] =>
  createPresenter({ ...HOW, ...how })(typeof value === 'string' ? value : JSON.stringify(value));

const request = { method: 'GET', uri: '/cats?n=1', status: 200, micros: 2345 };
const said = (message: string) => ({ process: 'worker', level: 'info', message });
const master = (message: string, level = 'info') => ({ process: 'master', level, message });

describe('what tsuwsgi dev shows', () => {
  test('is a line a request: method, status, time, path', () => {
    assert.deepEqual(shown(request), ['GET    200    2.3 ms /cats?n=1']);
    assert.deepEqual(shown({ ...request, method: 'DELETE', status: 404, micros: 1.4e6 }), [
      'DELETE 404   1400 ms /cats?n=1',
    ]);
    assert.match(shown({ ...request, client_left: true })[0] ?? '', /the client left/);
  });

  test('has the colours of its status, only where colours are wanted', () => {
    for (const [status, code] of [
      [200, 32],
      [301, 36],
      [404, 33],
      [503, 31],
    ] as const) {
      const [line = ''] = shown({ ...request, status }, { hasColours: true });
      assert.ok(line.includes(`\u001b[${code}m${status}\u001b[0m`), line);
    }
  });

  test('cannot be forged by a path or by what an application writes', () => {
    assert.doesNotMatch(shown({ ...request, uri: '/\u001b[2J\n' })[0] ?? '', /\p{Cc}/u);
    assert.deepEqual(shown(said('a\tb\u001b[2J')), ['a    b\\x1b[2J']);
  });

  test('is an error with its line, and only frames that say something', () => {
    const stack = [
      'Error: gone',
      '    at cat (/app.js:1:7)',
      '    at use (/node_modules/x/y.js:1:1)',
      '    at emit (node:events:1:1)',
      '    at begin (/tsuwsgi/server/worker/accounting.ts:1:1)',
      '  caused by nothing',
    ].join('\n');
    assert.deepEqual(shown(said(stack)), [
      'Error: gone',
      '  /app.js:1:7',
      '> 1 | throw x;',
      '    |       ^',
      '    at cat (/app.js:1:7)',
      '    at use (/node_modules/x/y.js:1:1)',
      '  caused by nothing',
    ]);
  });

  test('is of the master what matters to who writes the application', () => {
    assert.deepEqual(shown(master('*** Starting tsuwsgi ***')), []);
    assert.deepEqual(shown(master('*** /app.js has been modified ***')), ['/app.js changed']);
    assert.deepEqual(shown(master('no', 'error')), ['no']);
    const bound = master('tsuwsgi http bound on 127.0.0.1:1 fd 3');
    assert.deepEqual(shown(bound), []);
    assert.deepEqual(shown(bound, { tellsAddresses: true }), [bound.message]);
  });

  test('is any other line as it is', () => {
    assert.deepEqual(shown('tsuwsgi: --x is wrong'), ['tsuwsgi: --x is wrong']);
    assert.deepEqual(shown('{not json'), ['{not json']);
    assert.deepEqual(shown('[1]'), ['[1]']);
  });
});

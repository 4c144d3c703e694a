import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applicationError } from '../../../server/master/decide/application-error.js';

const BELOW = 'cannot load /srv/app.js: correct what it says below';

test('the error of an application is the first line of what it threw', () => {
  const frame = '    at connect (/srv/db.js:3:9)';
  const cause = 'caused by Error: ECONNREFUSED';
  assert.equal(
    applicationError(['a warning', BELOW, 'TypeError: no database', frame, cause, frame]),
    ': TypeError: no database',
  );
  assert.equal(
    applicationError(['the application did not become ready:', 'Error [ERR_X]: no', frame]),
    ': Error [ERR_X]: no',
  );
});

test('a place in front of it, or a class without the usual name, is passed over or taken', () => {
  const syntax = ['/srv/app.js:3', 'let let = 1;', '    ^^^', 'SyntaxError: let is disallowed'];
  assert.equal(applicationError([BELOW, ...syntax]), ': SyntaxError: let is disallowed');
  assert.equal(applicationError([BELOW, 'NoDatabase: at all']), ': NoDatabase: at all');
});

test('what says all by itself is taken whole', () => {
  const line = 'cannot load /srv/app.js: there is no such file: name an existing one';
  assert.equal(applicationError([line, '*** no app loaded. GAME OVER ***']), `: ${line}`);
});

test('where an application wrote no error there is none, and a long one is cut', () => {
  assert.equal(applicationError([]), '');
  assert.equal(applicationError(['listening on 3000', '*** stopping ***']), '');
  assert.equal(applicationError([BELOW, `Error: ${'x'.repeat(5000)}`]).length, 302);
});

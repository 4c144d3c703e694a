import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { redactor } from '../../../server/stats/document/redact.js';

const redact = redactor(['Ticket', 'x-trace.id']);

describe('a URI in the stats', () => {
  test('shows no value of a parameter that is named as a secret', () => {
    const cases: readonly [uri: string, shown: string][] = [
      ['/?token=abc', '/?token=***'],
      ['/a?page=1&password=a;b?c/d&size=2', '/a?page=1&password=***&size=2'],
      ['/a?ACCESS_TOKEN=abc&accessToken=def', '/a?ACCESS_TOKEN=***&accessToken=***'],
      ['/a?X-Amz-Signature=abc&X-Amz-Date=1', '/a?X-Amz-Signature=***&X-Amz-Date=1'],
      ['/a?user[password]=abc', '/a?user[password]=***'],
      ['/a?api_key=1&apikey=2&client_secret=3', '/a?api_key=***&apikey=***&client_secret=***'],
      ['/a?%74oken=abc', '/a?%74oken=***'],
      ['/a;jsessionid=12AB/b?x=1', '/a;jsessionid=***/b?x=1'],
      ['/a;sid=12?x=1', '/a;sid=***?x=1'],
      ['/a?next=/login?token=abc&x=1', '/a?next=/login?token=***&x=1'],
      ['/a?next=%2Flogin%3Ftoken%3Dabc%26x%3D1', '/a?next=%2Flogin%3Ftoken%3D***%26x%3D1'],
      ['http://cat:purr@host/a?x=1', 'http://***@host/a?x=1'],
      ['/a?x=1;key=2', '/a?x=1;key=***'],
      ['/a?token=', '/a?token=***'],
    ];
    for (const [uri, shown] of cases) assert.equal(redact(uri), shown);
  });

  test('shows no value of a name that the operator gave, in any case', () => {
    assert.equal(
      redact('/a?ticket=1&TICKET=2&ticketing=3'),
      '/a?ticket=***&TICKET=***&ticketing=3',
    );
    assert.equal(redact('/a?X-Trace.Id=1'), '/a?X-Trace.Id=***');
  });

  test('is shown as it came when it has no secret', () => {
    for (const uri of [
      '/',
      '*',
      '/cats?page=2&size=20',
      '/monkey=1',
      '/a?monkey=1&keyboard=2&tokens=3&author=4',
      '/search?q=user@example.org',
      '/%?=%&%zz=1',
    ]) {
      assert.equal(redact(uri), uri);
    }
  });

  test('whatever else it holds, a secret of it is not seen', () => {
    // No character that ends a value or begins another one's name.
    const secret = fc
      .string({ minLength: 8, maxLength: 20 })
      .filter((text) => !/[&#%*]/.test(text));
    const other = fc.string({ maxLength: 30 }).filter((text) => !text.includes('?'));
    fc.assert(
      fc.property(other, secret, other, (before, value, after) => {
        fc.pre(!`${before}${after}`.includes(value));
        const shown = redact(`/${before}?a=1&token=${value}&b=${after}`);
        assert.ok(!shown.includes(value), shown);
      }),
    );
  });

  test('takes no longer for a hostile one', () => {
    const started = performance.now();
    for (const piece of ['%26', '&a', '?', '%3d%3f', 'http://@', ';key', '[%'] as const) {
      redact(piece.repeat(4096 / piece.length));
    }
    assert.ok(performance.now() - started < 2000);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHarakiriRoute } from '../../../server/options/harakiri-routes.js';
import { OPTIONS } from '../../../server/options/table.js';
import { readOptions } from '../../../shared/options.js';

/** The problems that some settings have. */
function problems(name: string, ...values: readonly string[]): string {
  const read = readOptions(
    OPTIONS,
    values.map((value) => ({ name, value, origin: `--${name}` })),
  );
  return read.ok ? '' : read.error.join('\n');
}

test('a route is an expression and seconds, divided by the last =', () => {
  assert.deepEqual(parseHarakiriRoute('^/export=120'), {
    ok: true,
    value: { pattern: '^/export', ms: 120_000 },
  });
  assert.deepEqual(parseHarakiriRoute('format=csv=0.5'), {
    ok: true,
    value: { pattern: 'format=csv', ms: 500 },
  });
  assert.deepEqual(parseHarakiriRoute('^/events = 0'), {
    ok: true,
    value: { pattern: '^/events', ms: 0 },
  });
});

test('a route that cannot be used ends the start with a sentence that names it', () => {
  assert.match(problems('harakiri-route', '^/(=5'), /--harakiri-route: "\^\/\(=5": .*\(/);
  assert.match(problems('harakiri-route', '^/a=soon'), /"soon" is not a number of seconds/);
  assert.match(problems('harakiri-route', '^/a=-1'), /"-1" is not a number of seconds/);
  assert.match(problems('harakiri-route', '/export'), /is not REGEXP=SECONDS: write one such as/);
  assert.match(problems('harakiri-route', '=5'), /is not REGEXP=SECONDS: write one such as/);
  assert.equal(problems('harakiri-route', '^/a=1', '^/b=2.5'), '');
});

test('the time limit may be a fraction, and is off by default', () => {
  const read = readOptions(OPTIONS, [{ name: 't', value: '2.5', origin: '-t' }]);
  assert.equal(read.ok && read.value.harakiri, 2.5);
  const none = readOptions(OPTIONS, []);
  assert.equal(none.ok && none.value.harakiri, 0);
  assert.match(problems('harakiri', '-1'), /--harakiri: -1 is out of bounds/);
});

test('silence shorter than two signs of life proves nothing', () => {
  assert.equal(problems('worker-stall', '0'), '');
  assert.equal(problems('worker-stall', '2'), '');
  assert.match(problems('worker-stall', '1.5'), /--worker-stall: 1.5 is too short, give 2 seconds/);
});

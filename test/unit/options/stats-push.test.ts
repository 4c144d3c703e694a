import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInvocation } from '../../../server/options/read.js';
import { checkPushTarget, parsePushTarget } from '../../../server/options/stats-push.js';

const file = { kind: 'file', path: 'uwsgi.stats', separator: '\n\n', interval: undefined };
const statsd = { kind: 'statsd', host: 'stats.example', port: 8125, prefix: 'uwsgi' };

for (const [text, target] of [
  ['statsd:stats.example:8125', statsd],
  ['statsd:stats.example:8125,shop.web-1', { ...statsd, prefix: 'shop.web-1' }],
  ['statsd:[::1]:8125', { ...statsd, host: '::1' }],
  ['statsd::8125', { ...statsd, host: '127.0.0.1' }],
  ['file', file],
  ['file:path=/var/log/stats.json', { ...file, path: '/var/log/stats.json' }],
  [
    'file:separator=\\t\\\\n,path=a=b,freq=0.5',
    { ...file, path: 'a=b', separator: '\t\\n', interval: 0.5 },
  ],
] as const) {
  test(`--stats-push ${text} is understood`, () => {
    assert.deepEqual(parsePushTarget(text), { ok: true, value: { text, ...target } });
    assert.equal(checkPushTarget(text), null);
  });
}

for (const [text, message] of [
  ['carbon:localhost:2003', /there is no pusher "carbon", give statsd:.* or file:/],
  ['statsd', /is not understood: give statsd:HOST:PORT\[,PREFIX\]/],
  ['statsd:localhost', /"localhost"/],
  ['statsd:localhost:0', /names no UDP host and port/],
  ['statsd:localhost:99999', /"99999" is not a port/],
  ['statsd:/run/statsd.sock', /names no UDP host and port/],
  ['statsd:localhost:8125,a b', /"a b" is no prefix/],
  ['statsd:localhost:8125,', /"" is no prefix/],
  ['statsd:localhost:8125,a,b', /is not understood: give statsd:/],
  ['file:stats.json', /"stats\.json" is not understood, give file:path=/],
  ['file:path=', /names no file/],
  ['file:path=x,freq=often', /freq is "often", give seconds from 0\.1/],
  ['file:path=x,freq=0', /freq is "0"/],
  ['file:path=x,size=3', /"size=3" is not understood/],
] as const) {
  test(`--stats-push ${text} is refused with the value and the remedy`, () => {
    assert.match(checkPushTarget(text) ?? '', message);
    const line = ['--module', 'app.js', '--stats-push', text];
    const invocation = readInvocation(line, '/');
    assert.equal(invocation.kind, 'refuse');
    assert.match(invocation.problems.join('\n'), /^--stats-push: /);
  });
}

test('the interval is uWSGI three seconds, and has its name too', () => {
  const read = (...more: string[]) => {
    const invocation = readInvocation(['--module', 'app.js', ...more], '/');
    assert.equal(invocation.kind, 'serve');
    return invocation.options['stats-push-interval'];
  };
  assert.equal(read(), 3);
  assert.equal(read('--stats-pusher-default-freq', '10'), 10);
});

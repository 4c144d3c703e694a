import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkPrefix, createDresser } from '../../../server/logging/dress.js';
import { checkLogger, parseLogger } from '../../../server/logging/logger-spec.js';
import { checkDateFormat, createDateWriter } from '../../../server/logging/strftime.js';
import { counted, rfc3164, rfc5424 } from '../../../server/logging/syslog.js';

const WORKER = { process: 'worker', id: 2, pid: 77, stream: 'stderr' } as const;
const SAID = { severity: 'info', at: Date.UTC(2026, 10, 5, 7, 8, 9, 10) } as const;

function dressed(dress: Partial<Parameters<typeof createDresser>[0]>, text: string): string {
  const dresser = createDresser({ json: false, prefix: null, date: null, ...dress });
  return String(dresser?.(Buffer.from(text), WORKER, SAID));
}

describe('a line of the log', () => {
  test('stays as it is unless an option says otherwise', () => {
    assert.equal(createDresser({ json: false, prefix: null, date: null }), null);
  });

  test('begins with what --log-prefix says, each line of a stack too', () => {
    const prefix = '<%(process) %(id) %(pid) %(stream) %(level)> ';
    const expected = '<worker 2 2 77 stderr info> a\n<worker 2 2 77 stderr info>   at b\n';
    assert.equal(dressed({ prefix }, 'a\n  at b\n'), expected);
  });

  test('begins with its time under --log-date, before the prefix', () => {
    assert.equal(dressed({ date: '%s', prefix: '[x] ' }, 'a\n'), '1793862489 - [x] a\n');
  });

  test('is an object under --log-json, with all lines that belong to it', () => {
    const [first, second, end] = dressed({ json: true }, 'a "b"\n  at c\nd\u001b\n').split('\n');
    const common = { time: '2026-11-05T07:08:09.010Z', level: 'info' };
    const who = { process: 'worker', id: 2, pid: 77, stream: 'stderr' };
    assert.deepEqual(JSON.parse(first ?? ''), { ...common, ...who, message: 'a "b"\n  at c' });
    assert.deepEqual(JSON.parse(second ?? ''), { ...common, ...who, message: 'd\u001b' });
    assert.ok(!second?.includes('\u001b'));
    assert.equal(end, '');
  });

  test('cannot begin with a variable that nobody knows, or that does not end', () => {
    assert.equal(checkPrefix('%(process)> '), null);
    assert.match(
      checkPrefix('%(wid) ') ?? '',
      /"%\(wid\)" is no variable of a prefix; write one of/,
    );
    assert.match(checkPrefix('%(pid') ?? '', /"%\(pid" is no variable/);
    assert.match(checkPrefix('a\nb') ?? '', /control character/);
  });
});

describe('the time of --log-date', () => {
  test('is what strftime makes of it', () => {
    const at = new Date(2026, 0, 5, 0, 3, 4, 56).getTime();
    const write = createDateWriter('%Y-%m-%d %H:%M:%S.%L %y %e %j %I %p %a %A %b %B %F %T %R %%');
    assert.equal(
      write(at),
      '2026-01-05 00:03:04.056 26  5 005 12 AM Mon Monday Jan January 2026-01-05 00:03:04 00:03 %',
    );
    assert.match(createDateWriter('%z')(at), /^[+-]\d{4}$/);
    assert.equal(createDateWriter('%c')(at), 'Mon Jan  5 00:03:04 2026');
  });

  test('names a conversion that is not known, and one that has no letter', () => {
    assert.equal(checkDateFormat('%F %T'), null);
    assert.match(
      checkDateFormat('%Q') ?? '',
      /"%Q" in "%Q" is no conversion .* write one of %a %A/,
    );
    assert.match(checkDateFormat('50%') ?? '', /"%" in "50%" is no conversion/);
  });
});

describe('a logger', () => {
  test('is written as in uWSGI', () => {
    const specs = [
      ['file:/var/log/a', { kind: 'file', path: '/var/log/a' }],
      ['./a.log', { kind: 'file', path: './a.log' }],
      ['stdio', { kind: 'stdio' }],
      ['fd:3', { kind: 'fd', fd: 3 }],
      ['syslog:app', { kind: 'journal', tag: 'app' }],
      ['socket:127.0.0.1:9', { kind: 'socket', host: '127.0.0.1', port: 9, tag: 'tsuwsgi' }],
      ['rsyslog:[::1]:514,app', { kind: 'rsyslog', host: '::1', port: 514, tag: 'app' }],
      ['syslog-tcp:logs:601', { kind: 'syslog-tcp', host: 'logs', port: 601, tag: 'tsuwsgi' }],
    ] as const;
    for (const [text, value] of specs) assert.deepEqual(parseLogger(text), { ok: true, value });
  });

  test('that is not known is refused with those that are', () => {
    assert.match(
      checkLogger('redislog:x') ?? '',
      /there is no logger "redislog"; give one of file:PATH, /,
    );
    assert.match(checkLogger('fil:x') ?? '', /did you mean file\?/);
    assert.match(checkLogger('constructor') ?? '', /there is no logger "constructor"/);
  });

  test('that is not whole is refused with how it is written', () => {
    assert.match(
      checkLogger('file:') ?? '',
      /"file:" is not a logger of its kind: write file:PATH/,
    );
    assert.match(checkLogger('fd:x') ?? '', /"fd:x" is not a logger of its kind: write fd:NUMBER/);
    assert.match(
      checkLogger('rsyslog:') ?? '',
      /is not a logger of its kind: write rsyslog:HOST:PORT\[,TAG\]/,
    );
    assert.match(
      checkLogger('rsyslog:a:0') ?? '',
      /is not a logger of its kind: write rsyslog:HOST:PORT/,
    );
    assert.match(checkLogger('rsyslog:a:1,b c') ?? '', /"b c" is no tag/);
    assert.match(checkLogger('rsyslog:/dev/log') ?? '', /Node has no datagram sockets on paths/);
  });
});

describe('a message of syslog', () => {
  const sender = { host: 'box', tag: 'app', pid: 9 };

  test('is what RFC 5424 says, with the length before it on a stream', () => {
    const text = '<27>1 2026-11-05T07:08:09.010Z box app 9 - - no\\x1b';
    const said = { ...SAID, severity: 'error' } as const;
    assert.equal(String(rfc5424(sender)('no\u001b', said)), text);
    assert.equal(String(counted(rfc5424(sender))('no\u001b', said)), `${text.length} ${text}`);
  });

  test('is what RFC 3164 says', () => {
    const at = new Date(2026, 10, 5, 7, 8, 9).getTime();
    const said = { at, severity: 'warn' } as const;
    assert.equal(String(rfc3164(sender)('so', said)), '<28>Nov  5 07:08:09 box app[9]: so');
  });
});

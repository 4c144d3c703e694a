import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsAfter, exitOf, harakiriOf, told } from '../../support/happened.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';

const RELOAD = { state: 'none', replaced: 0, total: 0, reason: '', ended_at: 0 } as const;
const quiet = { reload: RELOAD };

test('a first document tells of what it has a record, and invents no spawn', () => {
  assert.deepEqual(eventsAfter(instance([worker(1), worker(2)], quiet)), []);
  const exits = instance([worker(3, { last_exit: exitOf() })], quiet);
  assert.deepEqual(told(eventsAfter(exits)), ['death: worker 3 (pid 21411) crashed · exit code 1']);
});

test('the record of a death has the reason, the code, the signal and stderr', () => {
  const [death] = eventsAfter(instance([worker(3, { last_exit: exitOf() })], quiet));
  assert.deepEqual(death?.details, [
    ['worker', '3'],
    ['pid', '21411'],
    ['reason', 'crash'],
    ['exit code', '1'],
    ['signal', '–'],
    ['stderr', 'TypeError: cats is undefined'],
    ['', '    at render (/srv/app/render.js:7:3)'],
  ]);
  assert.equal(death.bad, true);
});

test('a record in whole seconds stands at the end of its second, and never after its telling', () => {
  const exits = instance([worker(3, { last_exit: exitOf({ at: NOW - 5 }) })], quiet);
  assert.deepEqual(
    eventsAfter(exits).map(({ time, at }) => [time, Math.round(at)]),
    [[NOW - 5 + 0.999, -4000]],
  );
  const ahead = instance([worker(3, { last_exit: exitOf({ at: NOW + 99 }) })], quiet);
  assert.deepEqual(
    eventsAfter(ahead).map(({ time }) => time),
    [NOW],
  );
});

test('an end that was wanted is no death, and a rule that recycled is named', () => {
  const ended = (reason: string) =>
    told(eventsAfter(instance([worker(3, { last_exit: exitOf({ reason, code: 17 }) })], quiet)))[0];
  assert.equal(
    ended('reload'),
    'exit: worker 3 (pid 21411) left for its replacement · exit code 17',
  );
  assert.match(ended('cheap') ?? '', /^exit: .* fewer workers are wanted/);
  assert.match(ended('max-requests') ?? '', /^death: .* was recycled: max-requests · /);
  assert.match(ended('__proto__') ?? '', /^death: .* was recycled: __proto__ · /);
});

test('the record of a harakiri has its stack and what else was there', () => {
  const [one] = eventsAfter(instance([worker(4)], { ...quiet, harakiris: [harakiriOf()] }));
  assert.equal(
    one?.text,
    'worker 4 (pid 21412): GET /report?year=2026 blocked it for 30.1 s: killed',
  );
  const record = one.details.map((pair) => pair.join('=')).join('\n');
  assert.match(record, /^request=GET \/report\?year=2026\nage=30.1 s\n/);
  assert.match(record, /\nrss=402M\nothers in flight=11\nwaiting in it=2\nlisten queue=3\n/);
  assert.match(record, /\nstack=renderReport \(report.js:88:5\)\n=handle \(server.js:12:3\)$/);
  assert.equal(one.time, NOW - 10.5);
});

test('the outcomes of a reload and of an upgrade are told once each, with their reasons', () => {
  const first = instance([worker(1)], quiet);
  const ended = instance([worker(1)], {
    time: NOW + 2,
    reload: { state: 'abandoned', replaced: 1, total: 4, reason: 'boot failed', ended_at: NOW + 1 },
    upgrade: { state: 'done', reason: '', ended_at: NOW + 1 },
  });
  assert.deepEqual(told(eventsAfter(first, ended, ended)), [
    'reload: the reload was abandoned after 1 of 4 workers: boot failed',
    'upgrade: the upgrade is done: this master took over',
  ]);
});

test('what happened to certificates is told in the words of the server, once each', () => {
  const records = [
    ['certificate-renewed', '--https :443: certificate renewed, valid until 2027-01-31'],
    ['certificate-refused', '--https :443: there is no file cert.pem; clients are shown the old'],
    ['certificate-ends', '--https :443: the certificate cert.pem ends on 2027-01-31, in 9 days'],
    ['cats\u001b[2J', 'the cats are fed'],
  ] as const;
  const events = records.map(([kind, text], n) => ({
    time: NOW - 9 + n,
    kind,
    subject: ':443',
    text,
  }));
  const document = instance([worker(1)], { ...quiet, events });
  const happened = eventsAfter(document, document);
  assert.deepEqual(
    happened.map(({ kind, text, bad }) => [kind, text, bad]),
    [
      ['tls', records[0][1], false],
      ['tls', records[1][1], true],
      ['tls', records[2][1], true],
      ['master', 'the cats are fed', false],
    ],
  );
  assert.deepEqual(happened[1]?.details.slice(0, 2), [
    ['what', 'it could not be used: the one from before stays'],
    ['address', ':443'],
  ]);
  assert.deepEqual(happened[3]?.details[0], ['what', 'cats?[2J']);
});

test('what a server says is drawn, never obeyed', () => {
  const exit = exitOf({ reason: 'a\u001b[2Jb', stderr: ['\u009b31m猫'], signal: '\u202e' });
  const [event] = eventsAfter(instance([worker(3, { last_exit: exit })], quiet));
  assert.match(event?.text ?? '', /was recycled: a\?\[2Jb · \?$/);
  assert.deepEqual(event?.details.at(-1), ['stderr', '?31m?']);
});

test('that a task failed for good is told with who ran it last', () => {
  const text = 'task "resize" (a1) failed for good after 4 runs: Error: no cat\u009b2J';
  const record = { time: NOW - 9, kind: 'task-failed', subject: 'spooler 1 (pid: 7)', text };
  const document = instance([worker(1)], { ...quiet, events: [record] });
  const happened = eventsAfter(document, document);
  assert.deepEqual(
    happened.map(({ kind, bad, details }) => [kind, bad, details[1]]),
    [['task', true, ['process', 'spooler 1 (pid: 7)']]],
  );
  assert.match(happened[0]?.text ?? '', /^task "resize" .* no cat\?2J$/);
});

test('a configuration that was refused or waits is bad news, one that holds is not', () => {
  const kinds = ['config-changed', 'config-pending', 'config-refused'];
  const events = kinds.map((kind, n) => {
    return { time: NOW - 9 + n, kind, subject: 'configuration', text: 'processes: 4 → 6' };
  });
  const config = {
    ...{ files: ['/etc/a.ini'], read_at: 1, taken_at: 1, changed: ['processes: 4 → 6'] },
    ...{ pending: [], problems: Array.from({ length: 12 }, (_, n) => `/etc/a.ini:${n}: wrong`) },
  };
  const document = instance([worker(1)], { ...quiet, events, config });
  const happened = eventsAfter(document, document);
  assert.deepEqual(
    happened.map(({ kind, bad }) => [kind, bad]),
    [
      ['config', false],
      ['config', true],
      ['config', true],
    ],
  );
  assert.deepEqual(happened[0]?.details.slice(1), [
    ['file', '/etc/a.ini'],
    ['change', 'processes: 4 → 6'],
  ]);
  const problems = happened[2]?.details.slice(2) ?? [];
  assert.deepEqual(problems.at(0), ['problem', '/etc/a.ini:0: wrong']);
  assert.deepEqual(problems.at(-1), ['', 'and 2 more']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAudit, escaped } from '../../../server/control/audit.js';

test('a minute holds so many refusals, and then says how many more there were', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: string[] = [];
  let now = 5000;
  const audit = createAudit(
    (line) => lines.push(line),
    () => now,
    2,
  );
  const asked: string[] = [];
  const refuse = (line: string): void => {
    audit.refused(() => {
      asked.push(line);
      return line;
    });
  };
  for (const line of ['a', 'b', 'c', 'd']) refuse(line);
  assert.deepEqual(asked, ['a', 'b'], 'nobody is looked up for what is not written');
  assert.deepEqual(lines, ['audit: a', 'audit: b']);
  audit.told('e');
  assert.equal(lines.at(-1), 'audit: e', 'what was allowed is always written');
  now += 60_000;
  t.mock.timers.tick(60_000);
  assert.equal(lines.at(-1), 'audit: 2 more refusals in that minute were not written one by one');
  refuse('f');
  assert.equal(lines.at(-1), 'audit: f');
});

test('an audit line is written whatever the level is', () => {
  const severities: unknown[] = [];
  createAudit(
    (_line, severity) => severities.push(severity),
    () => 0,
  ).told('x');
  assert.deepEqual(severities, ['audit']);
});

test('nothing in a line can end it, colour a terminal or hide', () => {
  assert.equal(escaped('a\nb\u001b[31m\u202e\u0085'), 'a\\u{a}b\\u{1b}[31m\\u{202e}\\u{85}');
  assert.ok(escaped('x'.repeat(10_000)).length < 700);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROGRAM } from '../../../server/options/program.js';
import { OPTIONS } from '../../../server/options/table.js';
import { readCommandLine } from '../../../shared/command-line.js';
import { TOP_PROGRAM } from '../../../top/options.js';

function help(...argv: string[]): string {
  const line = readCommandLine(PROGRAM, argv);
  if (line.kind !== 'print') assert.fail(JSON.stringify(line));
  return line.text;
}

describe('--help', () => {
  test('tells all of an option, by any of its names', () => {
    const text = [
      '--processes, -p, --workers N',
      '',
      '  how many worker processes',
      '',
      '  type        whole number, 1 to 1024',
      '  default     1',
      '  repeatable  no, the last one holds',
      '  variable    TSUWSGI_PROCESSES',
      '  uWSGI       has it',
      '  topic       Processes: tsuwsgi --help Processes',
      '',
    ].join('\n');
    for (const name of ['processes', 'workers', 'p']) assert.equal(help('--help', name), text);
    assert.equal(help('--help=--processes'), text);
    assert.equal(help('-hp'), text);
  });

  test('tells how an option differs from that of uWSGI, and which it lacks', () => {
    assert.match(help('--help', 'check-config'), /^ {2}uWSGI +has no such option$/m);
    assert.match(help('--help', 'show-config'), /^ {2}uWSGI +has it\. It exits, and prints/m);
    assert.match(help('--help', 'harakiri'), /, in s, such as 90, 90s, 5m, 2h or 1d$/m);
    assert.match(help('--help', 'log-level'), /^ {2}one of +error, warn, info, debug$/m);
  });

  test('lists the options of a topic', () => {
    for (const topic of new Set(OPTIONS.map((row) => row.topic))) {
      const text = help('--help', topic);
      assert.ok(text.startsWith(`${topic}:\n`), topic);
      for (const row of OPTIONS) {
        const isListed = new RegExp(`\n {2}--${row.name}[ ,\n]`).test(text);
        assert.equal(isListed, row.topic === topic, row.name);
      }
    }
    assert.match(help('-h', 'configuration'), /^Configuration:\n/);
  });

  test('is asked for before anything else is looked at', () => {
    assert.match(help('a.ini', '--help'), /^Usage: tsuwsgi/);
    assert.match(help('-h', '--no-such-option'), /^Usage: tsuwsgi/);
  });

  test('says which word was meant, and which topics there are', () => {
    const line = readCommandLine(PROGRAM, ['--help', 'proceses']);
    assert.match(
      'message' in line ? line.message : '',
      /"proceses"; did you mean processes\?; write/,
    );
    assert.match('message' in line ? line.message : '', /Sockets, .*Orders$/);
  });

  test('is the same in the dashboard', () => {
    const line = readCommandLine(TOP_PROGRAM, ['--help', TOP_PROGRAM.table[0]?.name ?? '']);
    assert.match('text' in line ? line.text : '', /^ {2}type /m);
  });
});

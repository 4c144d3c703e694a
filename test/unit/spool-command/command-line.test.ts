import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSpoolCommand } from '../../../server/spool-command/command-line.js';
import type { SpoolRequest } from '../../../server/spool-command/requests.js';

function request(...argv: readonly string[]): SpoolRequest {
  const read = readSpoolCommand(argv);
  assert.ok(read.kind === 'run', JSON.stringify(read));
  return read.request;
}

function problem(...argv: readonly string[]): string {
  const read = readSpoolCommand(argv);
  assert.ok(read.kind === 'refuse', JSON.stringify(read));
  return read.problems.join('\n');
}

test('a task is put in with what is said of it, times in seconds', () => {
  const defaults = { priority: 5, retries: 3, backoff: 1000 };
  assert.deepEqual(request('q', 'paint'), {
    ...{ action: 'put', queue: 'q', name: 'paint', payload: 'null', body: null },
    options: defaults,
  });
  const words = ['--priority', '1', '--retries=0', '--timeout', '1.5', '--key', 'a', '--body', 'f'];
  assert.deepEqual(request('q', 'paint', '{"cat":1}', ...words, '--delay', '2'), {
    ...{ action: 'put', queue: 'q', name: 'paint', payload: '{"cat":1}', body: 'f' },
    options: {
      ...{ priority: 1, retries: 0, backoff: 1000, timeout: 1500, delay: 2000, dedupeKey: 'a' },
    },
  });
});

test('the password of a Redis is in a file, whatever is done with its queue', () => {
  for (const words of ['redis://h x', '--list redis://h', '--drop rediss://h#cats 1']) {
    const read = readSpoolCommand([...words.split(' '), '--password-file', 'pw']);
    assert.ok(read.kind === 'run' && read.passwordFile === 'pw', words);
  }
});

test('a time is told by a calendar, or in seconds since 1970', () => {
  const at = (text: string): unknown => {
    const read = request('q', 'paint', '--at', text);
    return read.action === 'put' ? read.options.at : null;
  };
  assert.equal(at('2026-12-24T18:00Z'), Date.UTC(2026, 11, 24, 18));
  assert.equal(at('1700000000'), 1_700_000_000_000);
  assert.match(
    problem('q', 'x', '--at', 'soon'),
    /--at: "soon" is no time: write 2026-12-24T18:00/,
  );
});

test('each look and each order names its queue, and its tasks', () => {
  assert.deepEqual(request('--list', 'q', '--state', 'failed', '--most', '3'), {
    ...{ action: 'list', queue: 'q', state: 'failed', most: 3, json: false },
  });
  assert.deepEqual(request('--show', 'q', '1', '--json'), {
    ...{ action: 'show', queue: 'q', id: '1', json: true },
  });
  assert.deepEqual(request('--retry', 'q', '1', '2', '1'), {
    ...{ action: 'retry', queue: 'q', which: ['1', '2'], yes: false },
  });
  assert.deepEqual(request('--drop', 'q', '--all', '-y'), {
    ...{ action: 'drop', queue: 'q', which: 'failed', yes: true },
  });
  assert.deepEqual(request('--pause', 'q'), { action: 'pause', queue: 'q' });
  assert.deepEqual(request('--counts', 'q'), { action: 'counts', queue: 'q', json: false });
});

test('what does not fit together is refused with a remedy', () => {
  const cases: readonly (readonly [words: string, wanted: RegExp])[] = [
    ['', /no queue is named: tsuwsgi spool DIR NAME JSON/],
    ['q', /no task is named: tsuwsgi spool q NAME JSON; to look into it, --list/],
    ['q x {a}', /the payload "\{a\}" is not JSON: quote it for the shell/],
    ['q x 1 2', /"2" is one word too many/],
    ['q x - --body -', /both standard input: give one of them as a file/],
    ['q x --at 1 --delay 1', /--at and --delay both say when/],
    ['q x --priority 10', /--priority: 10 is out of bounds, give a whole number, 0 to 9/],
    ['--list --show q', /--list and --show are two things to do: leave one out/],
    ['--list q x', /"x" is one word too many/],
    ['--list q --state lost', /"lost" is no state, write one of running, waiting, delayed/],
    ['--list q --key a', /--key says nothing to --list: it goes with putting a task in/],
    ['q x --most 3', /--most says nothing to putting a task in: it goes with --list/],
    ['--show q', /--show q: no task is named: give the id of one/],
    ['--drop q', /--drop: no task is named: give ids, or --all/],
    ['--drop q 1 --all', /--all and the id 1: give one of the two/],
    ['--drop q 1 --state failed', /--state failed goes with --all/],
    ['--lisst q', /unknown option '--lisst'/],
    ['redis://:purr@h x', /^(?!.*purr).*DIR "redis:\/\/:\*\*\*@h": .*--password-file FILE/],
    ['q x --password-file pw', /--password-file pw has no Redis to be given to: q is a folder/],
    ['ftp://x y', /DIR "ftp:\/\/x": no queue is reached by ftp/],
  ];
  for (const [words, wanted] of cases) {
    assert.match(problem(...words.split(' ').filter(Boolean)), wanted);
  }
});

test('the help tells of every action and the exit codes', () => {
  const help = readSpoolCommand(['--help']);
  assert.ok(help.kind === 'print');
  for (const word of ['--retry', '--resume', 'Exit status:', 'spool DIR NAME']) {
    assert.ok(help.text.includes(word), word);
  }
});

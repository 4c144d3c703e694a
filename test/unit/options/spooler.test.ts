import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readInvocation } from '../../../server/options/read.js';
import { queuePlaces } from '../../../server/options/spooler.js';

/** What is wrong with a command line. */
function problems(...args: readonly string[]): string {
  const read = readInvocation(['--module', 'app.js', ...args], '/srv');
  return read.kind === 'refuse' ? read.problems.join('\n') : '';
}

const QUEUE = ['--spooler', 'q', '--spooler-import', 'tasks.js'] as const;

test('a spooler has a folder and a module with its tasks', () => {
  assert.equal(problems(...QUEUE), '');
  assert.match(problems('--spooler', 'q'), /--spooler q has nothing to run tasks with: give --sp/);
  assert.match(problems('--spooler-import', 'tasks.js'), /--spooler-import tasks.js has no queue/);
});

test('a queue in a Redis is named by its URL, and refused with what is wrong in it', () => {
  const named = (...queue: readonly string[]) =>
    problems('--spooler', ...queue, '--spooler-import', 'tasks.js');
  assert.equal(named('redis://host:6379/2#cats'), '');
  assert.equal(named('REDISS://host', '--spooler-redis-password-file', 'pw'), '');
  assert.match(
    named('redis://host/cats'),
    /redis:\/\/host\/cats: its database "cats" is no number/,
  );
  const secret = named('redis://cat:purr@host');
  assert.match(secret, /redis:\/\/cat:\*\*\*@host: a password in it is shown to all who list proc/);
  assert.doesNotMatch(secret, /purr/);
  assert.match(named('redis://host', '--spooler-ordered'), /only a folder keeps tasks in order/);
  assert.match(named('q', '--spooler-redis-password-file', 'pw'), /has no Redis to be given to/);
});

test('a queue that is no folder is refused with what it is', () => {
  const named = (queue: string) => problems('--spooler', queue, '--spooler-import', 'tasks.js');
  assert.match(named('amqp://host'), /no queue is reached by amqp:\/\/: name a folder, or redis/);
  assert.match(named(' '), /names no folder: write --spooler DIR/);
});

test('tasks in order are run one at a time', () => {
  assert.equal(problems(...QUEUE, '--spooler-ordered'), '');
  for (const name of ['--spooler-processes', '--spooler-concurrency']) {
    assert.match(
      problems(...QUEUE, '--spooler-ordered', name, '2'),
      new RegExp(`${name} 2 beside --spooler-ordered`),
    );
  }
});

test('folders are absolute, and one that is named twice counts once', () => {
  assert.deepEqual(queuePlaces({ spooler: ['q', '/srv/q', 'r'] }, '/srv'), ['/srv/q', '/srv/r']);
  const spooler = ['redis://h', 'redis://h:6379/0#tasks', 'redis://h/1'];
  assert.deepEqual(queuePlaces({ spooler }, '/srv'), [
    'redis://h:6379/0#tasks',
    'redis://h:6379/1#tasks',
  ]);
});

describe('a queue without an application and without sockets', () => {
  const serve = (...args: readonly string[]) => {
    const read = readInvocation([...QUEUE, ...args], '/srv');
    assert.equal(read.kind, 'serve', JSON.stringify(read));
    return read;
  };

  test('is all there is: no workers, and nothing is bound', () => {
    const { options, notes } = serve();
    assert.equal(options.processes, 0);
    assert.deepEqual(options['http-socket'], []);
    assert.deepEqual(notes, [
      'no --module and no socket: there are no workers, tasks are run and nothing is served',
    ]);
  });

  test('names what was asked of workers', () => {
    assert.match(serve('--harakiri', '5').notes[1] ?? '', /^--harakiri does nothing here: it is/);
    assert.equal(serve('--boot-timeout', '5').notes.length, 1, 'spoolers heed it, too');
    const read = readInvocation([...QUEUE, '-p', '4'], '/srv');
    assert.equal(read.kind, 'refuse');
    assert.match(read.problems.join(), /--processes 4 is for workers, .* give --module FILE too/);
  });

  test('and with a socket has to have an application', () => {
    const read = readInvocation([...QUEUE, '--http-socket', ':0'], '/srv');
    assert.equal(read.kind, 'refuse');
    assert.match(read.problems.join(), /there is nothing to run/);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect, Message } from '../../../top/model/message.js';
import type { Model } from '../../../top/model/model.js';
import { markedTask, tasksOf } from '../../../top/model/queue-tasks.js';
import { view } from '../../../top/view/view.js';
import {
  client,
  instanceAt,
  key,
  keys,
  operate,
  play,
  start,
  tick,
  typed,
} from '../../support/dashboard.js';
import {
  answerOf,
  CATS,
  LISTED,
  MAIL,
  outcome,
  queueDocument,
  queueModel,
  queueOthers,
  taskId,
} from '../../support/queue-scenes.js';
import { instance, worker } from '../../support/stats-builder.js';

const commands = (effects: readonly Effect[]): readonly Effect[] =>
  effects.filter(({ type }) => type === 'command');
const sent = (messages: readonly Message[], model = queueModel()): readonly Effect[] =>
  commands(play(model, messages).effects);
const shown = (messages: readonly Message[], model = queueModel()): string =>
  JSON.stringify(view(play(model, messages).model));
const prompt = (line: string): Message[] => keys(':', ...typed(line), 'enter');
const downTo = (model: Model, digit: string): Message[] => {
  const index = tasksOf(model).findIndex(({ id }) => id === taskId(digit));
  return keys(...Array<string>(index + 1).fill('down'));
};
const listing = (id: number, queue = CATS) => ({
  type: 'command',
  id,
  command: { name: 'spooler-tasks', queue },
});

test('Enter opens a queue with what runs, and asks a spooler for the others at once', () => {
  const { model, effects } = play(queueOthers(), keys('enter'));
  assert.equal(model.screen, 'queue');
  assert.deepEqual(commands(effects), [listing(1)]);
  assert.deepEqual(
    tasksOf(model).map(({ state }) => state),
    ['running', 'running'],
  );
  assert.match(shown([], model), /asking a spooler what waits and what failed/);
});

test('what runs, failed, waits and is for later stand in this order, each with its time', () => {
  const told = tasksOf(queueModel()).map(({ state, age }) => `${state} ${age?.toFixed(0) ?? '–'}`);
  assert.deepEqual(told, [
    ...['running 9', 'running 305', 'failed 60', 'failed 7100', 'failed –'],
    ...[
      'waiting 252',
      'waiting 251',
      'waiting 250',
      'waiting 249',
      'delayed -3600',
      'delayed -7200',
    ],
  ]);
});

test('how many tasks are not listed is told', () => {
  assert.match(shown([]), /listed: 4 of 120 waiting; the server tells no more/);
});

test('a task that runs by now is no more among those that wait', () => {
  const waiting = { id: taskId('a'), name: 'resize', state: 'waiting', due: 1 };
  const { model } = play(queueOthers(), [...keys('enter'), outcome(1, answerOf([waiting]))]);
  assert.deepEqual(
    tasksOf(model).map(({ state }) => state),
    ['running', 'running'],
  );
});

test('it is asked again when the queue has moved, not more often than every three seconds', () => {
  const moved = queueDocument({ waiting: 119 });
  assert.deepEqual(sent([instanceAt(2500, queueDocument()), tick(60_000)]), []);
  assert.deepEqual(sent([instanceAt(2500, moved)]), []);
  assert.deepEqual(sent([instanceAt(2500, moved), tick(3400), tick(3500)]), [listing(2)]);
  const away = play(queueModel(), keys('escape')).model;
  assert.equal(away.screen, 'others');
  assert.deepEqual(sent([instanceAt(9000, moved), tick(9100)], away), []);
});

test('a server that does not answer, or refuses, is told of, and what runs stays', () => {
  const opened = play(queueOthers(120, 40), keys('enter')).model;
  const late = play(opened, [tick(20_400)]).model;
  assert.match(shown([], late), /not listed: no answer within 20 s/);
  const message = 'no spooler of it works now\u001b[2J: try again';
  const refusal = client({ type: 'reply', at: 9, id: 1, ok: false, code: 'gone', message });
  const refused = play(opened, [refusal]).model;
  assert.match(shown([], refused), /not listed: no spooler of it works now\?\[2J: try again/);
  assert.equal(tasksOf(refused).length, 2);
  const broken = client({ type: 'disconnected', at: 9, message: 'gone', retryInMs: 1000 });
  const back = [broken, client({ type: 'connecting', at: 10 }), instanceAt(11, queueDocument())];
  assert.deepEqual(sent(back, opened), [listing(2)], 'it is asked anew');
});

test('R offers the marked task again, asked first with Cancel as the default', () => {
  const mark = downTo(queueModel(), 'c');
  const question = shown([...mark, key('R')]);
  assert.match(question, /Retry task cccccccccccc/);
  assert.match(question, /failed after 4 runs, 1m00s ago/);
  assert.match(question, /no cat in this picture/);
  assert.deepEqual(sent([...mark, ...keys('R', 'enter')]), []);
  assert.deepEqual(sent([...mark, ...keys('R', 'right', 'enter')]), [
    ...[
      {
        type: 'command',
        id: 2,
        command: { name: 'spooler-retry', queue: CATS, task: taskId('c') },
      },
    ],
  ]);
});

test('after what was done from here the tasks are asked for at once', () => {
  const mark = downTo(queueModel(), 'c');
  const asked = play(queueModel(), [...mark, ...keys('X', 'right', 'enter')]);
  const command = { name: 'spooler-drop', queue: CATS, task: taskId('c') };
  assert.deepEqual(commands(asked.effects), [{ type: 'command', id: 2, command }]);
  const done = play(asked.model, [outcome(2, `task ${taskId('c')} dropped`, 400)]);
  assert.deepEqual(commands(done.effects), [listing(3)]);
  assert.match(
    shown([], done.model),
    /drop of task cccccccccccc of queue \/var\/spool\/cats: dropped/,
  );
  const left = LISTED.filter((task) => !JSON.stringify(task).includes(taskId('c')));
  const listed = play(done.model, [outcome(3, answerOf(left), 500)]);
  assert.equal(markedTask(listed.model), null);
  assert.match(shown([key('X')], listed.model), /the marked task is gone: mark another/);
  assert.equal(markedTask(play(listed.model, keys('down')).model)?.id, taskId('d'));
});

test('a task that runs is left alone, and one that waits is not retried', () => {
  assert.match(shown(keys('R')), /mark a task first/);
  assert.match(shown(keys('down', 'X')), /task aaaaaaaaaaaa is running: wait until/);
  const waiting = downTo(queueModel(), '2');
  assert.match(shown([...waiting, key('R')]), /task 222222222222 waits already/);
  assert.equal(sent([...waiting, ...keys('X', 'right', 'enter')]).length, 1);
});

test('P pauses the queue, and resumes one that is paused', () => {
  assert.match(shown(keys('P')), /no spooler takes a task of it: 120 wait/);
  assert.match(shown(keys('P')), /until it is resumed, over restarts too/);
  const pause = { name: 'spooler-pause', queue: CATS };
  assert.deepEqual(sent(keys('P', 'right', 'enter')), [{ type: 'command', id: 2, command: pause }]);
  const paused = queueModel(80, 24, queueDocument({ paused: 1 }));
  assert.match(shown([], paused), /‖ paused/);
  const resume = { name: 'spooler-resume', queue: CATS };
  assert.deepEqual(sent(keys('P', 'right', 'enter'), paused), [
    { type: 'command', id: 2, command: resume },
  ]);
  const unknown = queueModel(80, 24, queueDocument({ paused: null }));
  assert.match(shown(keys('P'), unknown), /not known yet whether it is paused/);
});

test('← and → lead to the other queues, each asked for its own tasks', () => {
  const { model, effects } = play(queueModel(), keys('right'));
  assert.equal(model.queue?.queue, MAIL);
  assert.deepEqual(commands(effects), [listing(2, MAIL)]);
  const none = outcome(2, answerOf([], false));
  assert.match(shown([none], model), /nothing runs, waits or has failed/);
  assert.equal(play(model, keys('right')).model.queue?.queue, CATS);
});

test('the answer for a queue that was left is not taken for one of the next', () => {
  const opened = play(queueOthers(), keys('enter', 'right')).model;
  const late = play(opened, [outcome(1, answerOf(LISTED))]).model;
  assert.deepEqual(tasksOf(late), []);
});

test('a uWSGI, a server without a queue and one that may only be read refuse with the reason', () => {
  const [one] = queueDocument().spoolers;
  const { dir, pid, tasks, respawns, running } = one!;
  const spoolers = [{ dir, pid, tasks, respawns, running }];
  const uwsgi = { ...instance([worker(1)], { server: 'uwsgi' }), spoolers };
  const real = play(start(), [tick(1), operate, instanceAt(1, uwsgi), ...keys('6')]).model;
  assert.match(shown(keys('enter'), real), /the spooler of a uWSGI tells nothing of its tasks/);
  assert.match(shown(prompt('queue-pause'), real), /a uWSGI takes no orders about its spoolers/);
  const bare = play(start(), [tick(1), operate, instanceAt(1, instance([])), ...keys('6')]).model;
  assert.match(shown(keys('enter'), bare), /this server has no queue: --spooler gives it one/);
  const reason = 'the server runs with --stats-read-only';
  const readOnly = client({ type: 'control', at: 2, control: { available: false, reason } });
  const seen = play(queueOthers(), [readOnly, ...keys('enter', 'down')]);
  assert.deepEqual(commands(seen.effects), []);
  assert.match(shown([], seen.model), /not listed: the server runs with --stats-read-only/);
  assert.deepEqual(sent(keys('R', 'X', 'P'), seen.model), []);
  assert.equal(seen.model.overlay.kind, 'none');
});

test('what a server sends as a list draws nothing and names no task that it must not', () => {
  const hostile = { id: taskId('c'), name: 'a\u001b[2Jb', state: 'failed', error: '\u009b31m' };
  const lines = [
    'x',
    '{"id":"../../etc","state":"failed"}',
    '[1]',
    'null',
    '{"id":',
    '{"id":"f1"}',
  ];
  const answer = [...lines, JSON.stringify(hostile)].join('\n');
  const { model } = play(queueOthers(), [...keys('enter'), outcome(1, answer)]);
  assert.deepEqual(
    tasksOf(model).map(({ id }) => id),
    [taskId('a'), taskId('b'), taskId('c')],
  );
  assert.doesNotMatch(shown([], model), /\\u001b|\\u009b/);
  assert.match(shown([], model), /not all tasks are listed|listed: /);
});

test('in the past nobody knows what waited, and nothing is asked', () => {
  const past = play(queueModel(), keys('p')).model;
  assert.match(shown([], past), /known of now only: 0 returns/);
  assert.deepEqual(sent(keys('down', 'R', 'X', 'P', 'right', 'enter'), past), []);
});

test('the same is typed, an id by its beginning where it is known', () => {
  const retry = { name: 'spooler-retry', queue: CATS, task: taskId('c') };
  assert.deepEqual(sent([...prompt('task-retry cc'), ...keys('right', 'enter')]), [
    { type: 'command', id: 2, command: retry },
  ]);
  const unlisted = { name: 'spooler-drop', queue: MAIL, task: 'f00d' };
  assert.deepEqual(sent([...prompt(`task-drop f00d ${MAIL}`), ...keys('right', 'enter')]), [
    { type: 'command', id: 2, command: unlisted },
  ]);
  const pause = { name: 'spooler-pause', queue: MAIL };
  assert.deepEqual(sent([...prompt(`queue-pause ${MAIL}`), ...keys('right', 'enter')]), [
    { type: 'command', id: 2, command: pause },
  ]);
  assert.equal(play(queueOthers(), prompt(`tasks ${MAIL}`)).model.queue?.queue, MAIL);
});

test('what is typed wrongly is told with what would be right', () => {
  assert.match(
    shown(prompt('queue-resume'), queueOthers(200, 60)),
    /which queue\? there are .*cats/,
  );
  assert.match(shown(prompt('tasks /none')), /\/none.* is no queue/);
  assert.match(shown(prompt('task-retry')), /task-retry of which task\?/);
  assert.match(shown(prompt('task-retry a/b')), /is no id of a task/);
  assert.match(shown(prompt('task-drop aaa')), /task aaaaaaaaaaaa is running/);
  const same = LISTED.map((task, at) => ({ ...task, id: `f00${at}` }));
  const alike = play(queueOthers(), [...keys('enter'), outcome(1, answerOf(same))]).model;
  assert.match(shown(prompt('task-drop f00'), alike), /begins the ids of 9 tasks/);
});

test('Tab completes the ids of tasks to which it can be done, and the names of queues', () => {
  const line = (text: string): string =>
    play(queueModel(), keys(':', ...typed(text), 'tab')).model.prompt?.text ?? '';
  assert.equal(line('task-retry c'), `task-retry ${taskId('c')} `);
  assert.equal(line('task-retry a'), 'task-retry a');
  assert.equal(line('queue-pause /var/spool/m'), `queue-pause ${MAIL} `);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queuePreview } from '../../../top/view/queue-preview.js';
import { CATS, LISTED, queueModel, taskId } from '../../support/queue-scenes.js';

/** The lines of the question whether this task is to be tried again. */
function question(digit: string): readonly string[] {
  const model = queueModel(80, 24);
  const command = { name: 'spooler-retry', queue: CATS, task: taskId(digit) } as const;
  return queuePreview(model, command).map((line) => line.map(({ text }) => text).join(''));
}

test('a question about a task tells its error in lines that fit, and to the end', () => {
  assert.match(JSON.stringify(LISTED), /while the message to the owner of the cat was sent/);
  assert.deepEqual(question('d').slice(1, 4), [
    'mail failed after 1 run, 1h58m ago',
    'Error: connect ECONNREFUSED 192.0.2.7:25 while the message',
    'to the owner of the cat was sent',
  ]);
});

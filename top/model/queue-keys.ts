import type { Binding } from './binding.js';
import { dropRefusal, pauseQueueRefusal, retryRefusal } from './queue-orders.js';
import { queueRefusal } from './queue-state.js';

/** The keys that are about queues, by the places that they have in the keymap. */

export const QUEUE_MOVES: readonly Binding[] = [
  {
    ...{ action: 'queue-before', keys: ['left'], group: 'Move', help: 'the queue before' },
    on: ['queue'],
  },
  {
    ...{ action: 'queue-after', keys: ['right'], group: 'Move', help: 'the next queue' },
    on: ['queue'],
  },
];

export const QUEUE_LOOK: Binding = {
  action: 'tasks',
  keys: ['enter'],
  group: 'Look',
  help: 'the tasks of a queue',
  on: ['others'],
  bar: { label: 'tasks', rank: 4 },
  disabledReason: queueRefusal,
};

export const QUEUE_CHANGES: readonly Binding[] = [
  {
    action: 'retry-task',
    keys: ['R'],
    group: 'Change',
    help: 'run the marked task again',
    on: ['queue'],
    bar: { label: 'retry', rank: 2 },
    disabledReason: retryRefusal,
  },
  {
    action: 'drop-task',
    keys: ['X'],
    group: 'Change',
    help: 'drop the marked task',
    on: ['queue'],
    bar: { label: 'drop', rank: 2 },
    disabledReason: dropRefusal,
  },
  {
    action: 'pause-queue',
    keys: ['P'],
    group: 'Change',
    help: 'pause the queue, or resume',
    on: ['queue'],
    bar: { label: 'pause queue', rank: 3 },
    disabledReason: pauseQueueRefusal,
  },
];

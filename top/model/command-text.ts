import { type ChangingCommand, isForQueue, type QueueChange } from '../../shared/commands.js';
import { plural } from './event-source.js';
import { sanitizeShort } from './sanitize.js';
import { shortId } from './task-list.js';
import { reloadName, type ServerWays } from './server-ways.js';

/** What a command does, with its object: `kill worker 3 (pid 21411) with SIGTERM`. */
export function commandText(command: ChangingCommand, ways: ServerWays): string {
  if (command.name === 'reload') return `${reloadName(ways, command.how)} reload of all workers`;
  if (command.name === 'scale') return `change to ${plural(command.workers, 'worker')}`;
  if (command.name === 'pause') return command.paused ? 'pause' : 'resumption';
  if (isForQueue(command)) return queueText(command);
  const worker = `worker ${command.worker} (pid ${command.pid})`;
  switch (command.name) {
    case 'reload-worker':
      return `reload of ${worker}`;
    case 'gc':
      return `garbage collection of ${worker}`;
    case 'heap-snapshot':
      return `heap snapshot of ${worker}`;
    case 'heap-profile':
      return `${command.seconds} s heap profile of ${worker}`;
    case 'compare-snapshots':
      return `comparison of two snapshots of ${worker}`;
    case 'kill-worker':
      return `${command.signal} to ${worker}`;
  }
}

function queueText(command: QueueChange): string {
  const queue = `queue ${sanitizeShort(command.queue, 200)}`;
  switch (command.name) {
    case 'spooler-pause':
      return `pause of ${queue}`;
    case 'spooler-resume':
      return `resumption of ${queue}`;
    case 'spooler-retry':
      return `retry of task ${shortId(command.task)} of ${queue}`;
    case 'spooler-drop':
      return `drop of task ${shortId(command.task)} of ${queue}`;
  }
}

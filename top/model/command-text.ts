import type { ChangingCommand } from '../../shared/commands.js';

/** What a command does, with its object: `kill worker 3 (pid 21411) with SIGTERM`. */
export function commandText(command: ChangingCommand): string {
  if (command.name === 'reload') return `${command.how ?? 'rolling'} reload of all workers`;
  if (command.name === 'scale') return `change to ${command.workers} workers`;
  if (command.name === 'pause') return command.paused ? 'pause' : 'resumption';
  const worker = `worker ${command.worker} (pid ${command.pid})`;
  return command.name === 'reload-worker'
    ? `reload of ${worker}`
    : `${command.signal} to ${worker}`;
}

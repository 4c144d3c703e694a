import { idleWorkerOptions, ofWorkers } from './routers-only.js';
import type { Options } from './table.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/**
 * Whether spoolers are all there is, on a machine that only runs tasks: there is a queue, and neither
 * an application nor a socket for clients.
 */
export function isSpoolersOnly(options: Options): boolean {
  const { http, https, socket, module } = options;
  const sockets = http.length + https.length + socket.length + options['http-socket'].length;
  return options.spooler.length > 0 && module === undefined && sockets === 0;
}

/** What was asked for must make sense without workers. */
export function spoolersOnlyProblem(options: Options): Problem | null {
  const idle = isSpoolersOnly(options) ? ofWorkers(options) : null;
  if (idle === null) return null;
  return TOGETHER_PROBLEMS.spoolersWorkers(idle);
}

/** Says in the log that there are no workers, and what was asked of them. */
export function spoolersOnlyNotes(options: Options): readonly string[] {
  // Spoolers have as long to load their tasks as workers to load the application.
  const idle = idleWorkerOptions(options, 'there are none', ['boot-timeout']);
  const none =
    'no --module and no socket: there are no workers, tasks are run and nothing is served';
  return idle === null ? [none] : [none, idle];
}

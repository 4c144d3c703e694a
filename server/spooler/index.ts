/** What an application, a module with tasks or a script may import from `tsuwsgi/spooler`. */
export { MOST_BODY } from '../queue/contract.js';
export { spool, type Spooled } from './spool.js';
export type { SpoolOptions } from './spool-options.js';
export { task, type TaskContext, type TaskFunction } from './tasks.js';

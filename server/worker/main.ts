import { EXIT } from '../wire/exit-codes.js';
import { readConfig } from './config.js';
import { stackOf } from './failures.js';
import { createLimits } from './harakiri/limits.js';
import { isListenError } from './listening.js';
import { allocateMemory, MAX_CORES } from './memory.js';
import { startMonitor } from './monitor.js';
import { allocateTail } from './stderr-tail.js';
import { announceWorker } from './this-worker.js';

/**
 * The entry of a worker process. Its monitor thread, without which it cannot say that it is ready,
 * takes a tenth of a second to start: so it starts first, and what is left is loaded meanwhile.
 */

const config = readConfig();
announceWorker(config);
process.title = `tsuwsgi worker ${config.id}`;
const memory = allocateMemory(config.async === 0 ? MAX_CORES : config.async);
const limits = createLimits(config.harakiri);
const tail = allocateTail();
const monitor = startMonitor(memory, {
  harakiri: limits === null ? null : config.harakiri,
  tail,
  bootMs: config.bootMs,
  signMs: config.signMs,
});
if (config.inspect !== null) {
  const { openInspector } = await import('./inspector.js');
  openInspector(config.inspect, (line) => {
    process.stderr.write(`worker ${config.id}: ${line}\n`);
  });
}
try {
  const { Worker } = await import('./worker.js');
  await new Worker({ config, memory, limits, tail, monitor }).run();
} catch (error) {
  process.stderr.write(`worker ${config.id}: ${stackOf(error)}\n`);
  process.exit(isListenError(error) ? EXIT.noListen : 1);
}

import { FIELD, type Memory } from './memory.js';
import { memoryPrefix } from './memory-prefix.js';
import { createRequestLog, type RequestLog } from './request-log.js';

/** The request log of this process, whose counts come from the worker's books. */
export function workerLog(
  { fields }: Memory,
  hasMemory: boolean,
  write: (text: string) => void,
): RequestLog {
  return createRequestLog({
    pid: process.pid,
    counts: () => {
      const worker = fields[FIELD.requests] ?? 0;
      return { worker, total: worker + (fields[FIELD.others] ?? 0) };
    },
    prefix: hasMemory ? memoryPrefix() : () => '',
    wallClock: () => new Date(),
    write,
  });
}

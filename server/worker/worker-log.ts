import { createProcessMemory } from '../request-log/process-memory.js';
import { createRequestLog, type RequestLog } from '../request-log/request-log.js';
import { pipeWriter } from './collected-output.js';
import type { WorkerConfig } from './config.js';
import { FIELD, type Memory } from './memory.js';

/** The request log of this process, whose counts come from the worker's books; null without one. */
export function workerLog(
  { id, log, requestsFd }: Pick<WorkerConfig, 'id' | 'log' | 'requestsFd'>,
  { fields }: Memory,
  direct: (text: string) => void,
): RequestLog | null {
  if (log === null) return null;
  const origin = {
    pid: process.pid,
    worker: id,
    hasApp: true,
    counts: () => {
      const worker = fields[FIELD.requests] ?? 0;
      return { worker, total: worker + (fields[FIELD.others] ?? 0) };
    },
    memory: createProcessMemory(),
  };
  const write = requestsFd === null ? direct : pipeWriter(requestsFd);
  return createRequestLog({ ...origin, wallClock: () => Date.now(), write }, log);
}

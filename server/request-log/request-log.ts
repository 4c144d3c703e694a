import { createClientFinder } from './client.js';
import { isWanted } from './conditions.js';
import type { LineWriter, LogOrigin } from './entry.js';
import { jsonLine } from './escape.js';
import { compileFormat } from './format.js';
import { createJson } from './json.js';
import { createLine } from './line.js';
import type { Logged } from './logged.js';
import type { LogSettings } from './settings.js';
import { type After, createThrottle } from './throttle.js';

export interface RequestLog {
  request(logged: Logged): void;
  /** A request that was refused: of these only some a second have a line. */
  refused(logged: Logged): void;
  /** Writes what is held back; also to be called before the process exits. */
  flush(): void;
}

export interface LogSource extends LogOrigin {
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  readonly write: (text: string) => void;
  /** For tests: how is waited. */
  readonly after?: After;
}

/** Lines of refused requests in a second. */
const MOST_REFUSED = 20;

/**
 * The request log of a process. Lines of one turn of the loop are written together: a write is a
 * system call, and costs more than the request's whole accounting.
 */
export function createRequestLog(source: LogSource, settings: LogSettings): RequestLog {
  const { only } = settings;
  const format = writerOf(settings);
  const clientOf = createClientFinder(settings.trusted);
  let held = '';
  const write = (): void => {
    const text = held;
    held = '';
    if (text !== '') source.write(text);
  };
  const hold = (line: string): void => {
    if (held === '') setImmediate(write);
    held += line + '\n';
  };
  const throttle = createThrottle(
    MOST_REFUSED,
    (more) => {
      hold(moreLine(more, source, settings));
    },
    source.after,
  );
  const log = (logged: Logged): void => {
    const endedAt = source.wallClock();
    hold(format({ logged, origin: source, client: clientOf(logged.request), endedAt }));
  };
  const isLogged = (logged: Logged): boolean => only === null || isWanted(logged, only);
  return {
    request(logged) {
      if (isLogged(logged)) log(logged);
    },
    refused(logged) {
      if (isLogged(logged) && throttle.admit()) log(logged);
    },
    flush() {
      throttle.flush();
      write();
    },
  };
}

function writerOf({ form, inMicros, hasMemory }: LogSettings): LineWriter {
  if (form.type === 'json') return createJson(hasMemory);
  if (form.type === 'line') return createLine(inMicros, hasMemory);
  const compiled = compileFormat(form.text);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value;
}

function moreLine(more: number, { pid, worker, wallClock }: LogSource, { form }: LogSettings) {
  if (form.type !== 'json')
    return `and ${more} more refused requests within a second (pid: ${pid})`;
  const time = new Date(wallClock()).toISOString();
  return jsonLine({ time, pid, worker: worker === 0 ? null : worker, more_refused: more });
}

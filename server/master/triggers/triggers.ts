import type { Problem } from '../../../shared/problem.js';
import { ok, type Result } from '../../../shared/result.js';
import type { Log } from '../../log.js';
import type { Options } from '../../options/table.js';
import type { MasterEvent } from '../decide/events.js';
import { watchFiles } from './file-watch.js';
import { type FoundFifo, type OpenFifo, openFifo } from './fifo.js';
import { watchTouches } from './touches.js';

/** What triggers need of the master. */
export interface Triggered {
  post(event: MasterEvent): void;
  onModuleFiles(listener: (files: readonly string[]) => void): void;
}

/** How triggers end. */
export interface Triggers {
  /** Takes what other options say of touched files; the rest stays as it was started. */
  follow(options: Options): void;
  stop(): void;
  /** The same, but the FIFOs stay for the master that follows. */
  leave(): void;
}

/**
 * Starts what reloads or stops the instance from outside, besides signals: files that are touched,
 * FIFOs, and under --auto-reload the files of the application itself. The error is why a FIFO cannot
 * be made.
 */
export function startTriggers(
  options: Options,
  master: Triggered,
  { found, log }: { readonly found: FoundFifo; readonly log: Log },
): Result<Triggers, Problem> {
  const post = (event: MasterEvent): void => {
    master.post(event);
  };
  const fifos: OpenFifo[] = [];
  const stops: (() => void)[] = [];
  const end = (endFifo: (fifo: OpenFifo) => void): void => {
    fifos.splice(0).forEach(endFifo);
    for (const stop of stops.splice(0)) stop();
  };
  const triggers: Triggers = {
    follow(now) {
      touches.follow(now);
    },
    stop() {
      end((fifo) => {
        fifo.close();
      });
    },
    leave() {
      end((fifo) => {
        fifo.leave();
      });
    },
  };
  for (const path of options['master-fifo']) {
    const fifo = openFifo(path, post, { found, log });
    if (!fifo.ok) {
      triggers.stop();
      return fifo;
    }
    fifos.push(fifo.value);
  }
  const touches = watchTouches(options, post, log);
  stops.push(touches.stop);
  if (options['auto-reload']) stops.push(autoReload(master, log));
  return ok(triggers);
}

/** How many changed files the log names. */
const NAMED = 3;

function autoReload(master: Triggered, log: Log): () => void {
  const watch = watchFiles((files) => {
    const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
    log(`*** ${files.slice(0, NAMED).join(', ')}${more} has been modified ***`);
    master.post({ type: 'reload', worker: 'all', order: 0 });
  });
  master.onModuleFiles(watch.add);
  return watch.stop;
}

import {
  createSpoolerBook,
  type SpoolerBook,
} from '../../server/master/decide/spoolers/spooler-book.js';
import type { SpoolerSettings } from '../../server/master/decide/spoolers/spooler-settings.js';
import type { Sources } from '../../server/stats/document/sources.js';
import type { StatsDocument } from '../../shared/stats.js';
import { documentOf } from './built-document.js';
import { MasterDriver } from './master-driver.js';

/** A master with spoolers, and the stats document of it. */
export interface SpoolingMaster {
  readonly master: MasterDriver;
  readonly book: SpoolerBook;
  /** The process of a spooler. */
  readonly pidOf: (spooler: number) => number;
  readonly document: (change?: Partial<Sources>) => StatsDocument;
}

const FIRST_PID = 5000;

/** All spoolers work: the process of spooler 1 has the pid 5001, and so on. */
export function spoolingMaster(
  change: Partial<SpoolerSettings> = {},
  folders: readonly string[] = ['/srv/jobs'],
): SpoolingMaster {
  const spoolers = { queues: folders.length, processes: 1, mercyMs: 5000, bootMs: 9000, ...change };
  const master = new MasterDriver(1, { spoolers });
  const book = createSpoolerBook();
  master.boot();
  for (const { id } of master.state.spoolers) {
    master.post({ type: 'spooler-spawned', spooler: id, pid: FIRST_PID + id });
    master.post({ type: 'spooler-ready', pid: FIRST_PID + id });
  }
  return {
    master,
    book,
    pidOf: (spooler) => FIRST_PID + spooler,
    document: (sources) => documentOf(master, { spoolers: { ...book, folders }, ...sources }),
  };
}

/** A run as a spooler tells of it. */
export function runOf(id: string, name = 'resize', attempt = 1) {
  return { id, name, attempt, timeoutMs: null };
}

import type { CheaperSettings } from './cheaper/settings.js';
import type { RecycleRules } from './recycle-rules.js';
import type { SpoolerSettings } from './spoolers/spooler-settings.js';

/** What the arbiter knows of the options. */
export interface Settings {
  /** How long a process may drain. */
  readonly mercyMs: number;
  /** `cores:` in the spawn log line. */
  readonly cores: number;
  /** When workers are recycled; absent when they never are. */
  readonly recycling?: RecycleRules;
  /** How long a process may go on after its harakiri; 0: a blocked one not at all. */
  readonly harakiriGraceMs: number;
  /** Whether the whole stack of what blocked is logged. */
  readonly harakiriVerbose: boolean;
  /** `--need-app`: a boot in which a process dies before any was ready is given up. */
  readonly needApp?: boolean;
  /** Absent where the number of workers is only changed by hand. */
  readonly cheaper?: CheaperSettings;
  /** Absent without `--spooler`. */
  readonly spoolers?: SpoolerSettings;
}

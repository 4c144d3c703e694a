import { LOG_LEVELS } from '../../shared/commands.js';
import { messageOf, type Result } from '../../shared/result.js';
import type { LevelledLog } from '../log.js';
import type { Logs } from '../logging/logs.js';
import { compareOptions } from '../options/changes.js';
import { type LogFileOwner, loggingSettings } from '../options/logging.js';
import type { ReadAgain } from '../options/reading.js';
import type { Options } from '../options/table.js';
import type { ConfiguredEvent, ConfigRefusal } from './decide/events.js';
import type { MasterState } from './decide/state.js';
import type { ApplicationStart } from './application-start.js';
import { fileProblems } from './file-problems.js';
import type { PrivateSockets } from './private-sockets.js';
import { settingsOf } from './settings.js';

/** The options that hold, and how others come to. */
export interface Configuration {
  /** Those that hold now. */
  readonly options: () => Options;
  /**
   * Reads again what the instance was started with; what can hold from now on does. Settles with what
   * the arbiter is to be told.
   */
  renew(): Promise<ConfiguredEvent | ConfigRefusal>;
  /**
   * To be called with every new state: what the arbiter is to be told when the reload that brought a
   * new configuration was abandoned, so that what respawns is what serves; else null.
   */
  observe(state: Pick<MasterState, 'reload' | 'lastReload'>): ConfiguredEvent | null;
}

/** What follows a configuration outside of the master. */
export interface Following {
  /** Whose the files of the log are, and where. */
  readonly logFiles: LogFileOwner;
  /** Hears of other options that hold from now on. */
  readonly follow: (options: Options) => void;
}

/** What it works on. */
export interface ConfigurationParts extends Following {
  /** Those of the start. */
  readonly options: Options;
  readonly reading: Pick<ReadAgain, 'again'>;
  readonly log: LevelledLog;
  /** How workers are started. */
  readonly application: Pick<ApplicationStart, 'folder'>;
  /** Has a socket for each worker. */
  readonly inner: Pick<PrivateSockets, 'grow'>;
  readonly logs: Pick<Logs, 'apply'>;
}

export function createConfiguration(parts: ConfigurationParts): Configuration {
  const { folder = process.cwd() } = parts.application;
  let holding = parts.options;
  let files: readonly string[] = [];
  /** What held before the reload that runs; null when it brought nothing new. */
  let before: Options | null = null;
  let isReloading = false;
  let turn: Promise<unknown> = Promise.resolve();
  const take = (options: Options): void => {
    if (options['log-level'] !== holding['log-level']) {
      parts.log.level = LOG_LEVELS.find((level) => level === options['log-level']) ?? 'info';
    }
    holding = options;
    parts.follow(options);
  };
  const renew = async (): Promise<ConfiguredEvent | ConfigRefusal> => {
    const read = parts.reading.again();
    if (!read.ok) return { type: 'config-refused', problems: read.error };
    const { options, live: changed, fixed: pending } = compareOptions(holding, read.value.options);
    const problems = fileProblems(options, folder);
    if (problems.length > 0) return { type: 'config-refused', problems };
    const grown = await parts.inner.grow(options.processes);
    if (!grown.ok) return { type: 'config-refused', problems: [grown.error] };
    const logged = followLog(parts, options);
    if (!logged.ok) return { type: 'config-refused', problems: [logged.error] };
    for (const note of read.value.notes) parts.log(note);
    ({ files } = read.value);
    if (changed.length > 0) before ??= holding;
    take(options);
    return { type: 'configured', ...inForce(options), files, changed, pending };
  };
  return {
    options: () => holding,
    // One after the other: what one changes the next one compares with.
    renew() {
      const renewed = turn.then(renew).catch((error: unknown): ConfigRefusal => {
        return { type: 'config-refused', problems: [`it cannot be taken: ${messageOf(error)}`] };
      });
      turn = renewed;
      return renewed;
    },
    observe({ reload, lastReload }) {
      const hasEnded = isReloading && reload === null;
      isReloading = reload !== null;
      if (!hasEnded || before === null) return null;
      const old = before;
      before = null;
      if (lastReload.state !== 'abandoned') return null;
      const { live: changed } = compareOptions(holding, old);
      const logged = followLog(parts, old);
      if (!logged.ok)
        parts.log(`the log from before cannot be had again: ${logged.error}`, 'error');
      take(old);
      const problem = `the reload was abandoned: ${lastReload.reason}`;
      return { type: 'configured', ...inForce(old), files, changed, pending: [], problem };
    },
  };
}

/** No file is emptied: what is in it was written by this instance. */
function followLog({ logs, logFiles }: ConfigurationParts, options: Options): Result<null, string> {
  return logs.apply(loggingSettings(options, { ...logFiles, isSuccessor: true }));
}

function inForce(options: Options): { settings: ReturnType<typeof settingsOf>; workers: number } {
  return { settings: settingsOf(options), workers: options.processes };
}

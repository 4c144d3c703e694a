import { fileURLToPath } from 'node:url';
import type { Problem } from '../shared/problem.js';
import type { Result } from '../shared/result.js';
import { type Role, startInstancePushers } from './instance-push.js';
import type { Setting, StartedAs } from './instance-setting.js';
import { startInstanceStats } from './instance-stats.js';
import type { Log } from './log.js';
import type { BoundSocket } from './master/bind.js';
import { watchForeignZombies } from './master/foreign-zombies.js';
import { type Listeners, publicSockets } from './master/listeners.js';
import { Master } from './master/master.js';
import type { MasterState } from './master/decide/state.js';
import { handleSignals } from './master/signals.js';
import { startTriggers, type Triggers } from './master/triggers/triggers.js';
import { claim, discard } from './master/upgrade/adopt.js';
import type { Heritage, InheritedSocket } from './master/upgrade/heritage.js';
import { followPredecessor, type Predecessor } from './master/upgrade/predecessor.js';
import { createSuccession, type Succession } from './master/upgrade/successor.js';
import type { Options } from './options/table.js';
import { type PidFile, writePidFile } from './ownership/pid-file.js';
import { settle } from './ownership/settle.js';
import type { StatsServer } from './stats/stats-server.js';

/**
 * How often a new master hears what the old one's last workers have counted, and process 1 looks
 * for the dead of others.
 */
const SECOND_MS = 1000;

/** From here and not from where they are used: this file lies where the packed ones do. */
const entry = (program: string): string =>
  fileURLToPath(new URL(`./${program}/main.packed.js`, import.meta.url));

const ENTRIES = {
  workerEntry: entry('worker'),
  routerEntry: entry('router'),
  spoolerEntry: entry('spooler'),
  comparisonEntry: entry('compare'),
};

/** A master with its sockets, its files, and the masters before and after it. */
export class Instance {
  readonly #setting: Setting;
  readonly #listeners: Listeners;
  /** Those that clients connect to. */
  readonly #sockets: readonly BoundSocket[];
  readonly #statsLeft: InheritedSocket[];
  readonly #predecessor: Predecessor | null;
  readonly #succession: Succession;
  readonly #master: Master;
  /** Those that hold now. */
  #options: Options;
  #stats: StatsServer | null = null;
  #pidFile: PidFile | null = null;
  #handedOver = false;
  #isStopping = false;
  #triggers: Triggers | null = null;

  constructor(setting: Setting, listeners: Listeners, { isFirst, statsLeft }: StartedAs) {
    const { options, log, logs, logFiles, reading, application, plan, self, service } = setting;
    this.#setting = setting;
    this.#options = options;
    this.#listeners = listeners;
    this.#sockets = publicSockets(listeners);
    this.#statsLeft = statsLeft;
    this.#predecessor = isFirst
      ? null
      : followPredecessor(
          {
            onTotals: (workers) => {
              this.#master.inherit(workers);
            },
            onTickets: (secret) => {
              listeners.certificates.inheritTickets(secret);
            },
          },
          log,
        );
    this.#succession = createSuccession({
      heritage: () => this.#heritage(),
      refusal: () => this.#refusal(),
      origin: setting.origin,
      input: setting.reading.input,
      totals: () => this.#master.totals(),
      tickets: () => listeners.certificates.leaveTickets(),
      post: (event) => {
        this.#master.post(event);
      },
      onHandOver: (pid) => {
        this.#handedOver = true;
        service.handOver(pid);
        this.#triggers?.leave();
        void this.#stats?.leave();
      },
    });
    this.#master = new Master(options, listeners, log, {
      owner: plan.master ?? self,
      children: plan.children,
      ...{ reading, logs, logFiles, application },
      ...ENTRIES,
      follow: (now) => {
        this.#options = now;
        this.#triggers?.follow(now);
      },
      upgrade: (effect) => {
        this.#succession.perform(effect);
      },
      observe: (state) => {
        this.#isStopping = state.phase !== 'running';
        this.#predecessor?.observe(state);
        service.observe(state);
        this.#tellLauncher(state);
      },
      isOnTrial: () => this.#predecessor?.isWaiting() ?? false,
      isAwaited: () => setting.launcher?.isWaiting() ?? false,
    });
  }

  /** Settles with the exit code of the command. */
  async run(): Promise<number> {
    const { log } = this.#setting;
    log(`spawned tsuwsgi master process (pid: ${process.pid})`);
    // From now on a signal is an event, also while the rest is being started.
    const stopListening = handleSignals(this.#master);
    this.#setting.logs.onDrops((news) => {
      this.#master.post({ type: 'log-drops', news });
    });
    const started = await this.#startStats();
    if (!started.ok) {
      log(started.error, 'error');
      this.#close();
      this.#pidFile?.remove();
      return 1;
    }
    this.#stats = started.value;
    discard(this.#statsLeft);
    if (!(await this.#startTriggers())) return 1;
    void this.#predecessor?.takenOver.then(() => {
      log(`master ${process.pid} has taken over`);
      this.#setting.service.takeOver(process.pid);
      this.#master.post({ type: 'taken-over' });
      this.#writePidFile();
      void this.#startTriggers();
    });
    const lookForZombies = process.pid === 1 ? watchForeignZombies(process.pid) : () => null;
    const everySecond = setInterval(() => {
      this.#succession.tellTotals();
      const warning = lookForZombies();
      if (warning !== null) log(warning);
    }, SECOND_MS);
    this.#master.start();
    this.#setting.service.watch(() => this.#master.activity());
    const role = (): Role => this.#role();
    const pushers = startInstancePushers(this.#setting.options, this.#master, role, log);
    const code = await this.#master.ended;
    await pushers.close();
    stopListening();
    clearInterval(everySecond);
    this.#triggers?.stop();
    this.#succession.tellTotals();
    await this.#end();
    log('goodbye to tsuwsgi.');
    return code;
  }

  /**
   * Whether the files and FIFOs that give orders could be watched. A new master leaves them to the
   * old one until it has taken over, and then serves without those that fail.
   */
  async #startTriggers(): Promise<boolean> {
    if (this.#predecessor?.isWaiting() === true) return true;
    const { log } = this.#setting;
    const found = this.#predecessor === null ? 'replace' : 'adopt';
    const triggers = startTriggers(this.#options, this.#master, { found, log });
    if (triggers.ok) {
      this.#triggers = triggers.value;
      return true;
    }
    log(triggers.error, 'error');
    if (this.#predecessor !== null) return false;
    await this.#stats?.close();
    this.#close();
    this.#pidFile?.remove();
    return false;
  }

  /** What does not come to serve in the background ends, and whoever started it is told why. */
  #tellLauncher(state: MasterState): void {
    const reason = this.#setting.launcher?.observe(state) ?? null;
    if (reason === null || state.phase !== 'running') return;
    this.#setting.log(`--daemonize: it does not get to serve, and ends: ${reason}`, 'error');
    this.#master.post({ type: 'stop', graceful: false });
  }

  /** What the master is to the stats that it sends. */
  #role(): Role {
    if (this.#handedOver) return 'leaves';
    return this.#predecessor?.isWaiting() === true ? 'waits' : 'leads';
  }

  #startStats(): Promise<Result<StatsServer | null, Problem>> {
    const { options, log, logs, plan, self } = this.#setting;
    const inherited = {
      claim: (written: string) => claim(this.#statsLeft, written),
      takenOver: this.#predecessor?.takenOver ?? Promise.resolve(),
    };
    const surroundings = {
      inherited,
      isStopping: () => this.#isStopping,
      uid: (plan.master ?? self).uid,
      onBound: (listeners: readonly { readonly file: string | null }[]) => {
        const files = [...this.#sockets, ...listeners].flatMap(({ file }) => file ?? []);
        if (this.#predecessor === null) this.#writePidFile();
        const settled = settle(plan, files, log);
        return settled.ok ? logs.openLate() : settled;
      },
    };
    return startInstanceStats(options, this.#master, surroundings, log);
  }

  /** Without a pid file the run goes on, as long as everything else works. */
  #writePidFile(): void {
    const { pidFile, log } = this.#setting;
    if (pidFile === undefined) return;
    const written = writePidFile(pidFile);
    if (written.ok) this.#pidFile = written.value;
    else log(written.error, 'warn');
  }

  #heritage(): Heritage {
    const stats = this.#stats?.listeners ?? [];
    return {
      sockets: this.#sockets,
      stats: stats.flatMap(({ address, fd, kind, file, written }) =>
        fd < 0 ? [] : [{ name: address, fd, kind, file, written }],
      ),
    };
  }

  #refusal(): string | null {
    if (process.pid === 1) {
      return 'this master is process 1, and its container would end with it: replace the container, or the workers with SIGHUP';
    }
    if (this.#predecessor?.isAlive() === true) {
      return 'the master before this one still finishes its requests: try again when it is gone';
    }
    return null;
  }

  async #end(): Promise<void> {
    this.#listeners.certificates.stop();
    const isOnTrial = this.#predecessor?.isWaiting() ?? false;
    if (isOnTrial || this.#handedOver) {
      // The sockets and their files are another master's, but for those of its own workers.
      this.#listeners.inner.close(this.#setting.log);
      await this.#stats?.leave();
      return;
    }
    await this.#stats?.close();
    this.#close();
    if (!this.#setting.options.vacuum) return;
    const removed = this.#pidFile?.remove();
    if (removed?.ok === false) this.#setting.log(removed.error);
  }

  #close(): void {
    this.#listeners.certificates.stop();
    this.#listeners.inner.close(this.#setting.log);
    if (this.#predecessor?.isWaiting() === true) return;
    closeSockets(this.#sockets, this.#setting.log);
  }
}

/** Closes sockets and says which files of theirs could not be removed. */
export function closeSockets(sockets: readonly BoundSocket[], log: Log): void {
  for (const socket of sockets) {
    const problem = socket.close();
    if (problem !== null) log(problem);
  }
}

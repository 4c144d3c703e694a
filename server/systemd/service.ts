import type { Activity } from '../master/activity.js';
import type { MasterState } from '../master/decide/state.js';
import { NOTHING_TOLD, type Rates, READY_TOLD, statusLine, tell } from './lifecycle.js';
import type { Manager } from './manager.js';
import type { Notifier } from './notifier.js';
import type { Notification } from './outbox.js';

/** What the service manager is told of an instance. */
export interface Service {
  /** Sees every new state. */
  observe(state: MasterState): void;
  /** Begins to tell how much there is to do, and that this process turns. */
  watch(activity: () => Activity): void;
  /** A new master, process `pid`, goes on. */
  handOver(pid: number): void;
  /** This process, `pid`, goes on for an old master. */
  takeOver(pid: number): void;
  /** The instance has ended with this exit code; settles when that was told, or soon. */
  ended(code: number): Promise<void>;
}

/** There is no service manager. */
export const NO_SERVICE: Service = {
  observe: () => undefined,
  watch: () => undefined,
  handOver: () => undefined,
  takeOver: () => undefined,
  ended: () => Promise.resolve(),
};

/** How often the line of `systemctl status` is looked at; it is sent when it has changed. */
const STATUS_MS = 10_000;
/** How long the end waits for the last word. */
const FLUSH_MS = 2000;

/**
 * Tells a service manager. That the watchdog is fed means that this process turns and takes events:
 * workers are watched by it, so that none of their troubles restarts what would not be better after.
 */
export function createService(
  notifier: Notifier,
  { watchdogMs, isSuccessor }: Pick<Manager, 'watchdogMs' | 'isSuccessor'>,
  statusMs = STATUS_MS,
): Service {
  let told = NOTHING_TOLD;
  let leads = !isSuccessor;
  const status = createStatus();
  const timers: NodeJS.Timeout[] = [];
  const leave = (): void => {
    leads = false;
    for (const timer of timers.splice(0)) clearInterval(timer);
  };
  const every = (ms: number, act: () => void): void => {
    const timer = setInterval(() => {
      if (leads && told.ready) act();
    }, ms);
    timers.push(timer.unref());
  };
  const observe = (state: MasterState): void => {
    status.state = state;
    if (!leads) return;
    const [after, notifications] = tell(told, state, process.hrtime.bigint() / 1000n);
    told = after;
    for (const notification of notifications) notifier.send({ ...notification, ...status.news() });
  };
  return {
    observe,
    watch(activity) {
      const rate = createRate(activity);
      every(statusMs, () => {
        status.rates = rate();
        const news = status.news();
        if (news.STATUS !== undefined) notifier.send({ STATUS: news.STATUS });
      });
      if (watchdogMs === null) return;
      every(watchdogMs, () => {
        notifier.send({ WATCHDOG: '1' });
      });
    },
    handOver(pid) {
      leave();
      notifier.send({ MAINPID: String(pid) });
    },
    takeOver(pid) {
      leads = true;
      told = READY_TOLD;
      notifier.send({ MAINPID: String(pid), READY: '1', ...status.news() });
    },
    async ended(code) {
      const isFailure = code !== 0 && leads;
      leave();
      if (isFailure) notifier.send(failure(code, told.ready));
      await notifier.flushed(FLUSH_MS);
    },
  };
}

function failure(code: number, wasReady: boolean): Notification {
  const what = wasReady ? 'ended' : 'did not get to serve';
  return { STATUS: `${what}, exit code ${code}: the log says why`, EXIT_STATUS: String(code) };
}

interface Status {
  state: MasterState | null;
  rates: Rates;
  /** The line, if it is another than last time. */
  news(): { STATUS?: string };
}

function createStatus(): Status {
  let line = '';
  return {
    state: null,
    rates: { busy: 0, perSecond: 0 },
    news() {
      if (this.state?.phase !== 'running') return {};
      const before = line;
      line = statusLine(this.state, this.rates);
      return line === before ? {} : { STATUS: line };
    },
  };
}

function createRate(activity: () => Activity): () => Rates {
  let [requests, at] = [activity().requests, performance.now()];
  return () => {
    const { busy, requests: now } = activity();
    const seconds = Math.max((performance.now() - at) / 1000, 0.001);
    const perSecond = Math.max(0, now - requests) / seconds;
    [requests, at] = [now, performance.now()];
    return { busy, perSecond };
  };
}

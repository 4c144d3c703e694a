/** The service manager that wants to be told, as the environment says. */
export interface Manager {
  /** A path, or `@name`. */
  readonly socket: string;
  /** How often WATCHDOG=1 is sent, in milliseconds; null where it is not asked for. */
  readonly watchdogMs: number | null;
  /** Whether this master follows another, which speaks until it has handed over. */
  readonly isSuccessor: boolean;
  /** Where programs are found. */
  readonly path: string | undefined;
}

/**
 * Takes the service manager out of the environment, so that no child speaks in the name of this
 * process; null where there is none. A master that follows another is not the process that
 * WATCHDOG_PID names, and goes on for it.
 */
export function takeManager(env: NodeJS.ProcessEnv, isSuccessor: boolean): Manager | null {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: meant, PATH: path } = env;
  for (const variable of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) {
    Reflect.deleteProperty(env, variable);
  }
  if (socket === undefined || !/^[@/]./.test(socket)) return null;
  const isMeant = isSuccessor || meant === undefined || Number(meant) === process.pid;
  const isNumber = usec !== undefined && /^[1-9]\d{0,14}$/.test(usec);
  return { socket, path, isSuccessor, watchdogMs: isNumber && isMeant ? half(Number(usec)) : null };
}

/** Node's timers hold 31 bits of milliseconds. */
const LONGEST_MS = 2_000_000_000;

function half(usec: number): number {
  return Math.min(Math.max(usec / 2000, 1), LONGEST_MS);
}

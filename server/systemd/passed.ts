import { integerIn } from '../../shared/fields.js';

/**
 * What a service manager passes to the process it starts: sockets that listen already, by the protocol
 * of sd_listen_fds(3).
 */

/** The first descriptor that is passed; the others follow. */
export const FIRST_PASSED_FD = 3;

const MAX_SOCKETS = 1000;
const VARIABLES = ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES', 'LISTEN_PIDFDID'] as const;

/** A descriptor, and the name that `FileDescriptorName=` gives it. */
export interface PassedDescriptor {
  readonly fd: number;
  readonly label: string;
}

export interface Passed {
  readonly descriptors: readonly PassedDescriptor[];
  /** Why there are none although variables speak of some; null where they agree. */
  readonly problem: string | null;
}

/**
 * Takes what was passed to process `pid` out of the environment, so that no child takes it for its
 * own. What was meant for another process is left alone.
 */
export function takePassed(env: NodeJS.ProcessEnv, pid: number): Passed {
  const { LISTEN_PID: meant, LISTEN_FDS: count, LISTEN_FDNAMES: names } = env;
  for (const variable of VARIABLES) Reflect.deleteProperty(env, variable);
  if (meant === undefined || count === undefined) return { descriptors: [], problem: null };
  const none = (problem: string): Passed => ({ descriptors: [], problem });
  if (!isNumber(meant) || Number(meant) !== pid) {
    return none(`LISTEN_PID="${meant}" means another process, this one is ${pid}`);
  }
  const number = isNumber(count) ? integerIn(Number(count), 0, MAX_SOCKETS) : undefined;
  if (number === undefined) {
    return none(`LISTEN_FDS="${count}" is no number of sockets (0 to ${MAX_SOCKETS})`);
  }
  const labels = (names ?? '').split(':');
  const descriptors = Array.from({ length: number }, (_, index) => ({
    fd: FIRST_PASSED_FD + index,
    label: labels[index] ?? '',
  }));
  return { descriptors, problem: null };
}

function isNumber(text: string): boolean {
  return /^\d{1,10}$/.test(text);
}

/** What `fd://NAME` names; null when the text is no such address. */
export function passedName(address: string): string | null {
  return /^fd:\/\/(.*)$/.exec(address.trim())?.[1] ?? null;
}

/** Whether a name, which may be the number of a descriptor as in uWSGI, means this one. */
export function isNamed({ fd, label }: PassedDescriptor, name: string): boolean {
  return isNumber(name) ? Number(name) === fd : name !== '' && label === name;
}

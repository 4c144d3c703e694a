/** What a service manager is told: variables of sd_notify(3) and their values. */
export type Notification = Readonly<Record<string, string>>;

/** Told again soon, so that one of them may be lost, or stand for several. */
const PASSING: ReadonlySet<string> = new Set(['STATUS', 'WATCHDOG']);
/** Reloads that follow each other faster than they can be told: the last ones count. */
const MAX_WAITING = 8;

/** Whether a notification may be lost without the manager being wrong for long. */
export function isPassing(notification: Notification): boolean {
  return Object.keys(notification).every((name) => PASSING.has(name));
}

/**
 * Puts a notification behind those that wait. What passes is told together with another; READY and
 * RELOADING stay apart, in their order.
 */
export function enqueue(
  waiting: readonly Notification[],
  added: Notification,
): readonly Notification[] {
  const last = waiting.at(-1);
  if (last !== undefined && (isPassing(last) || isPassing(added))) {
    return [...waiting.slice(0, -1), { ...last, ...added }];
  }
  return [...waiting, added].slice(-MAX_WAITING);
}

/** The words that systemd-notify(1) takes; a line feed would begin another variable. */
export function wordsOf(notification: Notification): string[] {
  return Object.entries(notification).map(
    ([name, value]) => `${name}=${value.replace(/\p{Cc}+/gu, ' ')}`,
  );
}

/** What every queue takes, however it keeps its tasks. */

/** The longest payload, in bytes of JSON. */
export const MOST_PAYLOAD = 1024 * 1024;

/** More runs than this no task has: six digits, which the name of its file has room for. */
export const MOST_ATTEMPTS = 999_999;

/** The last millisecond that a task can be put in for, in the year 2255: queues count in microseconds. */
export const LAST_AT = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** RFC 9110 §9.2.2: asking twice does what asking once does. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** How far a request had come when its connection to the worker broke. */
export interface Attempt {
  readonly method: string;
  /** Whether the connection was made: before that, the worker saw nothing. */
  readonly connected: boolean;
  /** Whether any of the body was taken from the client: it cannot be sent again. */
  readonly bodyBegan: boolean;
  /** Whether any byte of an answer came. */
  readonly answerBegan: boolean;
  /** Whether a back end that is no worker was asked: the master does not look after it. */
  readonly isForeign?: boolean;
  /** Attempts before this one. */
  readonly retries: number;
}

/**
 * Whether to ask another worker. Once, and only where the first can have done nothing (it was not
 * reached) or doing it again changes nothing; as often as it takes where foreign back ends are not
 * reached, since each of them is not asked again for a while then.
 */
export function mayRetry(attempt: Attempt): boolean {
  if (attempt.isForeign === true && !attempt.connected) return true;
  if (attempt.retries > 0 || attempt.answerBegan || attempt.bodyBegan) return false;
  return !attempt.connected || IDEMPOTENT.has(attempt.method);
}

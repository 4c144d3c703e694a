/** What kind of trouble a queue has; the message tells the rest. */
export type QueueErrorCode =
  /** No room is left where tasks are kept. */
  | 'full'
  | 'read-only'
  /** Another version made it. */
  | 'format'
  | 'not a queue'
  | 'too large'
  /** What is asked for is not a task. */
  | 'invalid'
  /** The stream that a body was to come from failed. */
  | 'body'
  /** A task was settled that this queue has not claimed, or has settled already. */
  | 'not claimed'
  | 'busy'
  | 'closed'
  /** Anything else that the system refused. */
  | 'io';

/** An expected failure of a queue: its message names the queue, what is wrong and what to do. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly code: QueueErrorCode;

  constructor(code: QueueErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

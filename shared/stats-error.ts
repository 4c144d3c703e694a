import type { ReplyCode } from './protocol.js';

/** Why the server refused a command; `failed` when it did not say. */
export type RefusalCode = Exclude<ReplyCode, 'accepted' | 'done'>;

/** What keeps a client from asking at all:
 * - `bad-address`, `bad-option`: the call cannot mean anything; nothing was tried
 * - `unreachable`: the server cannot be reached, or was lost
 * - `no-control`: no command can be sent on this connection, and the message says why
 * - `closed`: this program closed the connection
 * - `aborted`: the `signal` fired; `cause` is its reason
 */
const OWN_CODES = [
  'bad-address',
  'bad-option',
  'unreachable',
  'no-control',
  'closed',
  'aborted',
] as const;

export type StatsErrorCode = (typeof OWN_CODES)[number] | RefusalCode;

/** What the public client throws and rejects with: one sentence, and a code to act upon. */
export class StatsError extends Error {
  override readonly name = 'StatsError';
  readonly code: StatsErrorCode;

  constructor(code: StatsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The code that the server gave; null when the command never reached it. */
  get refusal(): RefusalCode | null {
    return isOwn(this.code) ? null : this.code;
  }
}

function isOwn(code: StatsErrorCode): code is (typeof OWN_CODES)[number] {
  return (OWN_CODES as readonly string[]).includes(code);
}

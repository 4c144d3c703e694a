import type { OutcomeMessage, ReplyMessage } from '../../shared/protocol.js';

/** What is told about a command. */
export type CommandAnswer = Pick<
  ReplyMessage | OutcomeMessage,
  'type' | 'id' | 'ok' | 'code' | 'message'
> &
  Pick<OutcomeMessage, 'problems'>;

/** The commands of one connection that still await their reply or their outcome. */
export class PendingCommands {
  readonly #states = new Map<number, 'sent' | 'accepted'>();

  sent(id: number): void {
    this.#states.set(id, 'sent');
  }

  /** Whether the server's answer belongs to a command that awaits it. */
  accepts({ type, id, ok }: CommandAnswer): boolean {
    const state = this.#states.get(id);
    if (state === undefined || (type === 'reply' && state === 'accepted')) return false;
    if (type === 'reply' && ok) this.#states.set(id, 'accepted');
    else this.#states.delete(id);
    return true;
  }

  /** Whether a command was accepted and has not ended. */
  awaitsOutcome(id: number): boolean {
    return this.#states.get(id) === 'accepted';
  }

  /** The connection is gone: what is to be told about every command that was open. */
  abandon(): CommandAnswer[] {
    const answers = [...this.#states].map(([id, state]): CommandAnswer => {
      const type = state === 'sent' ? 'reply' : 'outcome';
      const message = 'the connection broke, so it is not known whether this was done';
      return { type, id, ok: false, code: 'failed', message };
    });
    this.#states.clear();
    return answers;
  }
}

import { randomBytes } from 'node:crypto';
import type {
  AuthMessage,
  CommandMessage,
  ControlRefusal,
  ReplyCode,
  Role,
  ServerMessage,
} from '../../shared/protocol.js';
import { messageOf } from '../../shared/result.js';
import type { Authority } from './authority.js';
import type { Peer } from './peer.js';
import { describeCommand, type CommandOutcome, type Execute } from './requester.js';

/** What one connection may do, and what it has asked for. */
export interface ControlSession {
  /** The server's half of the challenge, for the hello; never used twice. */
  readonly nonce: string;
  /** Why there is no control here, for the hello, or null. */
  readonly refusal: ControlRefusal | null;
  authorise(message: AuthMessage): void;
  command(message: CommandMessage): void;
  /** Forgets the connection; commands that were accepted go on. */
  close(): void;
}

export interface ControlSessionOptions {
  readonly authority: Authority;
  readonly peer: Peer;
  /** For the log. */
  readonly peerName: string;
  readonly execute: Execute;
  readonly log: (line: string) => void;
  /** For what anyone may cause: wrong keys and refused commands. */
  readonly logRefusal: (line: string) => void;
  readonly send: (message: ServerMessage) => void;
  /** Ends the connection after too many wrong keys. */
  readonly cut: (reason: string) => void;
  readonly limits: {
    readonly authDelayMs: number;
    readonly maxAuthFailures: number;
    readonly maxPendingCommands: number;
  };
}

const REFUSALS: Readonly<Record<ControlRefusal, string>> = {
  'needs-tls': 'Control is only to be had from this machine: use loopback or a unix socket.',
  'read-only': 'This server has control switched off.',
  'no-key': 'This server could not write its key, so that nobody can prove it: its log says why.',
};

interface State {
  role: Role | null;
  failures: number;
  /** Runs while the answer to a wrong key is held back. */
  delay: NodeJS.Timeout | null;
  readonly pending: Set<number>;
  closed: boolean;
}

/** Begins with a fresh nonce and no role. */
export function controlSession(options: ControlSessionOptions): ControlSession {
  const nonce = randomBytes(32).toString('hex');
  const refusal = options.authority.refusal(options.peer);
  const state: State = {
    role: null,
    failures: 0,
    delay: null,
    pending: new Set(),
    closed: false,
  };
  return {
    nonce,
    refusal,
    authorise(message) {
      authorise(options, state, message, { nonce, refusal });
    },
    command(message) {
      runCommand(options, state, message, refusal);
    },
    close() {
      state.closed = true;
      if (state.delay !== null) clearTimeout(state.delay);
    },
  };
}

function authorise(
  options: ControlSessionOptions,
  state: State,
  message: AuthMessage,
  own: { readonly nonce: string; readonly refusal: ControlRefusal | null },
): void {
  const answer = (ok: boolean, code: ReplyCode, text: string): void => {
    options.send({ type: 'authorised', ok, code, message: text });
  };
  if (own.refusal !== null) {
    answer(false, own.refusal, REFUSALS[own.refusal]);
  } else if (state.role !== null) {
    answer(false, 'bad-message', `This connection is authorised already, to ${state.role}.`);
  } else if (state.delay !== null) {
    answer(false, 'busy', 'The last key is still being answered.');
  } else {
    const verified = options.authority.verify(message, own.nonce);
    if (verified.ok) {
      state.role = message.role;
      options.log(`control: ${options.peerName} is authorised to ${message.role}`);
      answer(true, 'accepted', `You may ${message.role}.`);
      return;
    }
    const { code, message: why } = verified.error;
    options.logRefusal(
      `control: ${options.peerName} was not authorised to ${message.role}: ${why}`,
    );
    punish(options, state, () => {
      answer(false, code, why);
    });
  }
}

/** A guess costs time, and few are allowed; the challenge stays the same within a connection. */
function punish(options: ControlSessionOptions, state: State, answer: () => void): void {
  const { limits } = options;
  state.failures++;
  state.delay = setTimeout(() => {
    state.delay = null;
    answer();
    if (state.failures >= limits.maxAuthFailures) options.cut('too many wrong keys');
  }, limits.authDelayMs);
}

function runCommand(
  options: ControlSessionOptions,
  state: State,
  { id, command }: CommandMessage,
  refusal: ControlRefusal | null,
): void {
  const told = `control: ${describeCommand(command)} by ${options.peerName}`;
  const reply = (ok: boolean, code: ReplyCode, message: string): void => {
    if (ok) options.log(`${told}: accepted: ${message}`);
    else options.logRefusal(`${told}: refused (${code}): ${message}`);
    options.send({ type: 'reply', id, ok, code, message });
  };
  if (refusal !== null) {
    reply(false, refusal, REFUSALS[refusal]);
    return;
  }
  if (state.role !== 'operate') {
    reply(false, 'needs-auth', 'This connection may only read: authorise it to operate first.');
    return;
  }
  if (state.pending.has(id)) {
    reply(false, 'bad-message', `The command with the id ${id} has not ended yet.`);
    return;
  }
  if (state.pending.size >= options.limits.maxPendingCommands) {
    reply(false, 'busy', `${state.pending.size} commands have not ended yet; wait for one.`);
    return;
  }
  const result = options.execute(command, { peer: options.peerName, role: state.role });
  reply(result.accepted, result.code, result.message);
  if (!result.accepted || result.outcome === undefined) return;
  state.pending.add(id);
  void settle(result.outcome).then((outcome) => {
    state.pending.delete(id);
    // The stack of a worker has many lines; the first says it all.
    options.log(`${told}: ${outcome.code}: ${outcome.message.split('\n', 1).join()}`);
    if (!state.closed) options.send({ type: 'outcome', id, ...pick(outcome) });
  });
}

async function settle(outcome: Promise<CommandOutcome>): Promise<CommandOutcome> {
  try {
    return await outcome;
  } catch (error) {
    return { ok: false, code: 'failed', message: `It failed: ${messageOf(error)}` };
  }
}

/** Only what the message has, whatever else the executor put into its object. */
function pick({ ok, code, message }: CommandOutcome): CommandOutcome {
  return { ok, code, message };
}

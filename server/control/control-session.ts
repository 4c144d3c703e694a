import { randomBytes } from 'node:crypto';
import type { Command } from '../../shared/commands.js';
import type {
  AuthMessage,
  CommandMessage,
  ControlRefusal,
  ReplyCode,
  Role,
  ServerMessage,
} from '../../shared/protocol.js';
import { messageOf } from '../../shared/result.js';
import type { Audit } from './audit.js';
import type { Authority } from './authority.js';
import type { Guard } from './guard.js';
import type { Keyring } from './keyring.js';
import { reachedAddress } from './peer.js';
import { describeCommand, type CommandOutcome, type Execute } from './requester.js';
import type { Visitor } from './visitor.js';

/** What one connection may do, and what it has asked for. */
export interface ControlSession {
  /** The server's half of the challenge, for the hello; never used twice. */
  readonly nonce: string;
  /** Why there is no control here, for the hello, or null. */
  readonly refusal: ControlRefusal | null;
  /** What the connection may do now. */
  readonly role: () => Role | null;
  authorise(message: AuthMessage): void;
  command(message: CommandMessage): void;
  /** A message was no message: `why` it is not. */
  malformed(why: string): void;
  /** Forgets the connection; commands that were accepted go on. */
  close(): void;
}

export interface ControlSessionOptions {
  readonly authority: Authority;
  readonly keys: Pick<Keyring, 'onRotated'>;
  readonly visitor: Visitor;
  readonly guard: Guard;
  readonly execute: Execute<Command>;
  readonly audit: Audit;
  readonly send: (message: ServerMessage) => void;
  /** Ends the connection after too many wrong keys. */
  readonly cut: (reason: string) => void;
  /** Is called when the role has changed. */
  readonly onRole: () => void;
  readonly limits: {
    readonly authDelayMs: number;
    readonly maxAuthFailures: number;
    readonly maxPendingCommands: number;
    readonly maxCommandsPerSecond: number;
    readonly lockOutMs: number;
  };
}

const REFUSALS: Readonly<Record<ControlRefusal, string>> = {
  'needs-tls':
    'Over a network this is only to be had with --stats-tls: else use loopback or a unix socket.',
  'read-only': 'This server has control switched off.',
  'no-key': 'This server could not write its key, so that nobody can prove it: its log says why.',
};

interface State {
  role: Role | null;
  /** Whether the role came with the connection: then no key can be taken from it. */
  readonly isCertified: boolean;
  failures: number;
  /** Runs while the answer to a wrong key is held back. */
  delay: NodeJS.Timeout | null;
  readonly pending: Set<number>;
  closed: boolean;
}

/** Begins with a fresh nonce, and no role but that of a client certificate. */
export function controlSession(options: ControlSessionOptions): ControlSession {
  const { authority, visitor } = options;
  const nonce = randomBytes(32).toString('hex');
  const certified = authority.roleOf(visitor.peer);
  const state: State = {
    role: certified,
    isCertified: certified !== null,
    failures: 0,
    delay: null,
    pending: new Set(),
    closed: false,
  };
  const forget = options.keys.onRotated(() => {
    revoke(options, state);
  });
  return {
    nonce,
    refusal: authority.refusal(visitor.peer, 'operate'),
    role: () => state.role,
    authorise(message) {
      authorise(options, state, message, nonce);
    },
    command(message) {
      runCommand(options, state, message);
    },
    malformed(why) {
      options.audit.refused(
        () => `message by ${nameOf(options, state)}: refused (bad-message): ${why}`,
      );
    },
    close() {
      state.closed = true;
      forget();
      if (state.delay !== null) clearTimeout(state.delay);
    },
  };
}

/** Who it is, for the audit: `127.0.0.1:40112 (operate, uid 1000)`. */
function nameOf({ visitor }: ControlSessionOptions, { role }: State): string {
  const uid = visitor.uid();
  const operator = visitor.peer.tls?.operator ?? null;
  const about = [
    role ?? 'no role',
    ...(uid === null ? [] : [`uid ${uid}`]),
    ...(operator === null ? [] : [`certificate of ${operator}`]),
  ];
  return `${visitor.name} (${about.join(', ')})`;
}

function authorise(
  options: ControlSessionOptions,
  state: State,
  message: AuthMessage,
  nonce: string,
): void {
  const { authority, visitor, audit } = options;
  const { role } = message;
  const answer = (ok: boolean, code: ReplyCode, text: string): void => {
    options.send({ type: 'authorised', ok, code, message: text });
  };
  const told = (): string => `auth ${role} by ${nameOf(options, state)}`;
  const refuse = (code: ReplyCode, text: string): void => {
    audit.refused(() => `${told()}: refused (${code}): ${text}`);
    answer(false, code, text);
  };
  const refusal = authority.refusal(visitor.peer, role);
  if (refusal !== null) {
    refuse(refusal, REFUSALS[refusal]);
  } else if (state.role !== null) {
    refuse('bad-message', `This connection is authorised already, to ${state.role}.`);
  } else if (state.delay !== null) {
    refuse('busy', 'The last key is still being answered.');
  } else if (options.guard.isLockedOut(visitor.countedAs())) {
    refuse('locked-out', 'Too many wrong keys came from there: wait, and try again.');
  } else {
    const verified = authority.verify(message, nonce, reachedAddress(visitor.peer));
    if (verified.ok) {
      audit.told(`${told()}: accepted`);
      state.role = role;
      answer(true, 'accepted', `You may ${role}.`);
      options.onRole();
      return;
    }
    const { code, message: why } = verified.error;
    audit.refused(() => `${told()}: refused (${code}): ${why}`);
    punish(options, state, () => {
      answer(false, code, why);
    });
  }
}

/** A guess costs time, and few are allowed; the challenge stays the same within a connection. */
function punish(options: ControlSessionOptions, state: State, answer: () => void): void {
  const { limits, guard, visitor, audit } = options;
  const peer = visitor.countedAs();
  if (guard.failed(peer)) {
    audit.told(`${peer ?? ''} is locked out for ${limits.lockOutMs / 1000} s: too many wrong keys`);
  }
  state.failures++;
  state.delay = setTimeout(() => {
    state.delay = null;
    answer();
    if (state.failures >= limits.maxAuthFailures) options.cut('too many wrong keys');
  }, limits.authDelayMs);
}

/** The key that was proven is worth nothing any more; the next one may be proven right away. */
function revoke(options: ControlSessionOptions, state: State): void {
  if (state.role === null || state.isCertified) return;
  options.audit.told(`auth ${state.role} by ${nameOf(options, state)}: revoked with its key`);
  state.role = null;
  const message = 'The key was replaced: prove the new one.';
  options.send({ type: 'authorised', ok: false, code: 'revoked', message });
  options.onRole();
}

/** Why a command is not carried out; null when it may be. */
function refusalOf(
  options: ControlSessionOptions,
  state: State,
  id: number,
): { readonly code: ReplyCode; readonly message: string } | null {
  const { authority, guard, limits, visitor } = options;
  const refusal = authority.refusal(visitor.peer, 'operate');
  if (refusal !== null) return { code: refusal, message: REFUSALS[refusal] };
  if (state.role !== 'operate') {
    const message = 'This connection may only read: authorise it to operate first.';
    return { code: 'needs-auth', message };
  }
  if (!guard.admits(visitor.countedAs())) {
    const message = `More than ${limits.maxCommandsPerSecond} commands in a second: send them slower.`;
    return { code: 'busy', message };
  }
  if (state.pending.has(id)) {
    return { code: 'bad-message', message: `The command with the id ${id} has not ended yet.` };
  }
  if (state.pending.size >= limits.maxPendingCommands) {
    const message = `${state.pending.size} commands have not ended yet; wait for one.`;
    return { code: 'busy', message };
  }
  return null;
}

function runCommand(
  options: ControlSessionOptions,
  state: State,
  { id, command, progress: wantsProgress }: CommandMessage,
): void {
  const { audit } = options;
  const tell = (): string => `${describeCommand(command)} by ${nameOf(options, state)}`;
  const refused = refusalOf(options, state, id);
  if (refused !== null) {
    audit.refused(() => `${tell()}: refused (${refused.code}): ${refused.message}`);
    options.send({ type: 'reply', id, ok: false, ...refused });
    return;
  }
  // The role may be another one when the outcome comes.
  const told = tell();
  const by = { peer: options.visitor.name, role: 'operate' } as const;
  const { accepted, code, message, outcome, progress } = options.execute(command, by);
  audit.told(`${told}: ${accepted ? 'accepted' : `refused (${code})`}: ${message}`);
  options.send({ type: 'reply', id, ok: accepted, code, message });
  if (!accepted || outcome === undefined) return;
  state.pending.add(id);
  if (wantsProgress === true) {
    progress?.((text) => {
      const isOpen = !state.closed && state.pending.has(id);
      if (isOpen) options.send({ type: 'progress', id, message: text });
    });
  }
  void settle(outcome).then((ended) => {
    state.pending.delete(id);
    // The stack of a worker has many lines; the first says it all.
    audit.told(`${told}: ${ended.code}: ${ended.message.split('\n', 1).join()}`);
    if (!state.closed) options.send({ type: 'outcome', id, ...pick(ended) });
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
function pick({ ok, code, message, problems }: CommandOutcome): CommandOutcome {
  return { ok, code, message, ...(problems === undefined ? {} : { problems }) };
}

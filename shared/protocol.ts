import type { Command } from './commands.js';
import type { Delta } from './delta.js';
import type { StatsDocument } from './stats.js';

/** The version that both sides of `/live` must share. */
export const PROTOCOL_VERSION = 1;

/** What a connection may do: look, or look and act. */
export type Role = 'read' | 'operate';

/**
 * Why control is not to be had on this connection:
 * - `needs-tls`: it leaves the machine, and nothing protects it on its way
 * - `read-only`: the server runs with `--stats-read-only`
 * - `no-key`: the server has no folder for a key that is its user's alone
 */
export const CONTROL_REFUSALS = ['needs-tls', 'read-only', 'no-key'] as const;

export type ControlRefusal = (typeof CONTROL_REFUSALS)[number];

/** First message of the server. `control` is null when the connection can be authorised. */
export interface HelloMessage {
  readonly type: 'hello';
  readonly protocol: number;
  readonly version: string;
  readonly boot_id: string;
  /** 32 random bytes, hex: the server's half of the challenge. */
  readonly nonce: string;
  readonly control: ControlRefusal | null;
  /** With `--stats-secret`: documents are sent only after `auth`, with either role. */
  readonly secret?: true;
  /** What the connection may do already, by the client's certificate: then `auth` is not for it. */
  readonly role?: Role;
}

/** The whole document; `seq` counts the documents sent on this connection. */
export interface SnapshotMessage {
  readonly type: 'snapshot';
  readonly seq: number;
  readonly stats: StatsDocument;
}

/** What changed since document `seq - 1` of this connection. */
export interface DeltaMessage {
  readonly type: 'delta';
  readonly seq: number;
  readonly delta: Delta;
}

/** Answers `auth`; or, with the code `revoked`, takes back what an earlier one gave. */
export interface AuthorisedMessage {
  readonly type: 'authorised';
  readonly ok: boolean;
  readonly code: ReplyCode;
  readonly message: string;
}

/** Every code a reply or an outcome can carry. */
export const REPLY_CODES = [
  'accepted',
  'bad-key',
  'bad-message',
  /** Too much at once, or too often: later. */
  'busy',
  /** The process that a command names is another one by now. */
  'gone',
  /** Too many wrong keys came from there: no key is looked at for a while. */
  'locked-out',
  'needs-auth',
  'needs-tls',
  'no-key',
  /** An option that the command needs is not given. */
  'not-configured',
  'read-only',
  /** The key that was proven has been replaced. */
  'revoked',
  'done',
  'failed',
] as const;

export type ReplyCode = (typeof REPLY_CODES)[number];

/** Answers a command at once: it was accepted, or it was refused and nothing was done. */
export interface ReplyMessage {
  readonly type: 'reply';
  readonly id: number;
  readonly ok: boolean;
  readonly code: ReplyCode;
  readonly message: string;
}

/** Tells how an accepted command ended. */
export interface OutcomeMessage {
  readonly type: 'outcome';
  readonly id: number;
  readonly ok: boolean;
  readonly code: ReplyCode;
  readonly message: string;
  /**
   * Of a reload that is done, but not with the configuration that was read for it: why that does not
   * hold, as in `config.problems` of the stats. Absent where it does.
   */
  readonly problems?: readonly string[];
}

/** Tells how far an accepted command is, to a client that asked for it with the command. */
export interface ProgressMessage {
  readonly type: 'progress';
  readonly id: number;
  readonly message: string;
}

export type ServerMessage =
  | HelloMessage
  | SnapshotMessage
  | DeltaMessage
  | AuthorisedMessage
  | ReplyMessage
  | ProgressMessage
  | OutcomeMessage;

/** How often to send; 100 to 60,000 ms, 1,000 until the client says otherwise. */
export interface SubscribeMessage {
  readonly type: 'subscribe';
  readonly interval_ms: number;
}

/** Asks for a whole document, after a gap or a delta that did not fit. */
export interface ResyncMessage {
  readonly type: 'resync';
}

/** Proves the key without sending it: see `authPayload`. */
export interface AuthMessage {
  readonly type: 'auth';
  readonly role: Role;
  /** 32 random bytes, hex: the client's half of the challenge. */
  readonly nonce: string;
  /** The address that the client dialled, as written in the key file. */
  readonly address: string;
  /** HMAC-SHA-256 of `authPayload` under the key, hex. */
  readonly mac: string;
}

export interface CommandMessage {
  readonly type: 'command';
  /** Chosen by the client; replies and outcomes carry it back. */
  readonly id: number;
  readonly command: Command;
  /** Whether `progress` may come between the reply and the outcome: who never said so gets none. */
  readonly progress?: true;
}

export type ClientMessage = SubscribeMessage | ResyncMessage | AuthMessage | CommandMessage;

/**
 * The bytes under the HMAC: everything that a relay could try to swap. Fields are JSON-quoted, so
 * that no two different tuples give the same text.
 */
export function authPayload(fields: {
  role: Role;
  bootId: string;
  serverNonce: string;
  clientNonce: string;
  address: string;
}): string {
  return JSON.stringify([
    'tsuwsgi-live',
    PROTOCOL_VERSION,
    fields.role,
    fields.bootId,
    fields.serverNonce,
    fields.clientNonce,
    fields.address,
  ]);
}

/** What the key file `<boot id>.key` holds, as JSON; mode 0600, at most 4 KiB. */
export interface KeyFile {
  readonly boot_id: string;
  /** 32 random bytes, hex. */
  readonly key: string;
  /**
   * Every address the stats server bound, as `formatAddress` writes it; for a wildcard such as
   * `0.0.0.0:9191` the loopback address of that port too.
   */
  readonly addresses: readonly string[];
  /** The master that wrote it, so that a later one can tell whether it is dead. */
  readonly pid?: number;
  /** The namespace of `pid` (/proc/self/ns/pid), or empty. */
  readonly pid_namespace?: string;
}

/** How the one line begins that a silent reader gets where reading takes a key (`--stats-secret`). */
export const SECRET_NOTE = 'tsuwsgi: these stats need a key (--stats-secret)';

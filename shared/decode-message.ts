import { readCommand } from './decode-command.js';
import { MAX_DEPTH, scan } from './decode-text.js';
import type { Json } from './delta.js';
import { describeValue, integerIn, isFields, numberIn, textUpTo, wordOf, wrong } from './fields.js';
import type { Fields } from './fields.js';
import {
  type AuthorisedMessage,
  type ClientMessage,
  CONTROL_REFUSALS,
  type HelloMessage,
  type OutcomeMessage,
  REPLY_CODES,
  type ReplyCode,
  type ProgressMessage,
  type ReplyMessage,
  type Role,
} from './protocol.js';
import { err, messageOf, ok, type Result } from './result.js';

/**
 * Reads the messages of `/live`, in both directions. Unknown keys are ignored, so that either side
 * can grow; everything else that does not fit is refused with one sentence. Nothing here throws.
 */

/** Characters: no message of a client comes near it. */
export const MAX_CLIENT_MESSAGE = 16 * 1024;

/** Characters: a snapshot of a thousand workers is a tenth of it. */
export const MAX_SERVER_MESSAGE = 16 * 1024 * 1024;

/** Characters: a sentence, the stack of a worker, or two hundred tasks of a queue. */
const MAX_ANSWER = 64 * 1024;

const ROLES: readonly Role[] = ['read', 'operate'];

/** What a server may send: a snapshot or a delta is still to be decoded as a document. */
export type ServerEnvelope =
  | HelloMessage
  | { readonly type: 'snapshot'; readonly seq: number; readonly stats: Json }
  | { readonly type: 'delta'; readonly seq: number; readonly delta: unknown }
  | AuthorisedMessage
  | ReplyMessage
  | ProgressMessage
  | OutcomeMessage;

/** Reads what a dashboard sends to the server. */
export function decodeClientMessage(text: string): Result<ClientMessage, string> {
  const fields = parseObject(text, MAX_CLIENT_MESSAGE);
  if (!fields.ok) return fields;
  switch (fields.value['type']) {
    case 'subscribe':
      return readSubscribe(fields.value);
    case 'resync':
      return ok({ type: 'resync' });
    case 'auth':
      return readAuth(fields.value);
    case 'command':
      return readCommandMessage(fields.value);
    default:
      return unknownType(fields.value);
  }
}

/** Reads what a server sends to the dashboard. */
export function decodeServerMessage(text: string): Result<ServerEnvelope, string> {
  const fields = parseObject(text, MAX_SERVER_MESSAGE);
  if (!fields.ok) return fields;
  switch (fields.value['type']) {
    case 'hello':
      return readHello(fields.value);
    case 'snapshot':
    case 'delta':
      return readDocumentMessage(fields.value, fields.value['type']);
    case 'authorised':
      return readAuthorised(fields.value);
    case 'reply':
    case 'outcome':
      return readAnswer(fields.value, fields.value['type']);
    case 'progress':
      return readProgress(fields.value);
    default:
      return unknownType(fields.value);
  }
}

function parseObject(text: string, limit: number): Result<Fields, string> {
  if (text.length > limit) {
    return err(`the message is ${text.length} characters long, the limit is ${limit}`);
  }
  if (scan(text).depth > MAX_DEPTH) {
    return err(`the message is nested deeper than ${MAX_DEPTH} levels`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return ok(value);
    return err(`the message is ${describeValue(value)}, not an object`);
  } catch (error) {
    return err(`the message is not JSON: ${messageOf(error)}`);
  }
}

function unknownType(fields: Fields): Result<never, string> {
  return err(`the message's type is ${describeValue(fields['type'])}, which is not known`);
}

function readSubscribe(fields: Fields): Result<ClientMessage, string> {
  const interval = numberIn(fields['interval_ms'], 100, 60_000);
  if (interval === undefined) return wrong('subscribe', 'interval_ms', fields, '100 to 60000');
  return ok({ type: 'subscribe', interval_ms: interval });
}

function readAuth(fields: Fields): Result<ClientMessage, string> {
  const role = wordOf(fields['role'], ROLES);
  if (role === undefined) return wrong('auth', 'role', fields, 'read or operate');
  const nonce = hexOf32Bytes(fields['nonce']);
  if (nonce === undefined) return wrong('auth', 'nonce', fields, '32 bytes in hex');
  const mac = hexOf32Bytes(fields['mac']);
  if (mac === undefined) return wrong('auth', 'mac', fields, '32 bytes in hex');
  const address = textUpTo(fields['address'], 512);
  if (address === undefined) return wrong('auth', 'address', fields, 'an address');
  return ok({ type: 'auth', role, nonce, address, mac });
}

function hexOf32Bytes(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined;
}

function readCommandMessage(fields: Fields): Result<ClientMessage, string> {
  const id = integerIn(fields['id'], 0, Number.MAX_SAFE_INTEGER);
  if (id === undefined) return wrong('command', 'id', fields, 'a whole number');
  if (!isFields(fields['command'])) return wrong('command', 'command', fields, 'an object');
  const command = readCommand(fields['command']);
  if (!command.ok) return command;
  const progress = fields['progress'] === true ? { progress: true as const } : {};
  return ok({ type: 'command', id, command: command.value, ...progress });
}

function readHello(fields: Fields): Result<HelloMessage, string> {
  const protocol = integerIn(fields['protocol'], 0, 1_000_000);
  if (protocol === undefined) return wrong('hello', 'protocol', fields, 'a version number');
  const bootId = fields['boot_id'];
  if (!isBootId(bootId)) return wrong('hello', 'boot_id', fields, 'a boot id');
  const nonce = hexOf32Bytes(fields['nonce']);
  if (nonce === undefined) return wrong('hello', 'nonce', fields, '32 bytes in hex');
  const version = textUpTo(fields['version'], 100) ?? '';
  const refusal = fields['control'] ?? null;
  const control = refusal === null ? null : wordOf(refusal, CONTROL_REFUSALS);
  if (control === undefined) return wrong('hello', 'control', fields, 'a known refusal');
  const role = wordOf(fields['role'], ROLES);
  if (role === undefined && fields['role'] !== undefined) {
    return wrong('hello', 'role', fields, 'read or operate');
  }
  const secret = fields['secret'] === true ? { secret: true as const } : {};
  const hello = { type: 'hello', protocol, version, boot_id: bootId, nonce, control } as const;
  return ok({ ...hello, ...secret, ...(role === undefined ? {} : { role }) });
}

/** A boot id becomes a file name: only hexadecimal digits and dashes pass. */
export function isBootId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-fA-F][0-9a-fA-F-]{7,63}$/.test(value);
}

function readDocumentMessage(
  fields: Fields,
  type: 'snapshot' | 'delta',
): Result<ServerEnvelope, string> {
  const seq = integerIn(fields['seq'], 0, Number.MAX_SAFE_INTEGER);
  if (seq === undefined) return wrong(type, 'seq', fields, 'a whole number');
  if (type === 'delta') return ok({ type, seq, delta: fields['delta'] ?? null });
  if (!isFields(fields['stats'])) return wrong(type, 'stats', fields, 'an object');
  // What JSON.parse made is JSON.
  return ok({ type, seq, stats: fields['stats'] as Json });
}

interface Answer {
  readonly ok: boolean;
  readonly code: ReplyCode;
  readonly message: string;
}

function readVerdict(fields: Fields, type: string): Result<Answer, string> {
  const good = fields['ok'];
  if (typeof good !== 'boolean') return wrong(type, 'ok', fields, 'true or false');
  const code = wordOf(fields['code'], REPLY_CODES);
  if (code === undefined) return wrong(type, 'code', fields, 'a known code');
  const message = fields['message'];
  if (typeof message !== 'string') return wrong(type, 'message', fields, 'a sentence');
  return ok({ ok: good, code, message: message.slice(0, MAX_ANSWER) });
}

function readAuthorised(fields: Fields): Result<AuthorisedMessage, string> {
  const verdict = readVerdict(fields, 'authorised');
  return verdict.ok ? ok({ type: 'authorised', ...verdict.value }) : verdict;
}

function readAnswer(
  fields: Fields,
  type: 'reply' | 'outcome',
): Result<ReplyMessage | OutcomeMessage, string> {
  const id = integerIn(fields['id'], 0, Number.MAX_SAFE_INTEGER);
  if (id === undefined) return wrong(type, 'id', fields, 'a whole number');
  const verdict = readVerdict(fields, type);
  if (!verdict.ok) return verdict;
  if (type === 'reply' || fields['problems'] === undefined) {
    return ok({ type, id, ...verdict.value });
  }
  const problems = readProblems(fields['problems']);
  if (problems === undefined) return wrong(type, 'problems', fields, 'a list of sentences');
  return ok({ type, id, ...verdict.value, problems });
}

/** As many as the server tells, and room for what a later one may. */
const MAX_PROBLEMS = 100;

function readProblems(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const problems = value.slice(0, MAX_PROBLEMS) as readonly unknown[];
  const sentences = problems.filter((problem) => typeof problem === 'string');
  if (sentences.length < problems.length) return undefined;
  return sentences.map((sentence) => sentence.slice(0, MAX_ANSWER));
}

function readProgress(fields: Fields): Result<ProgressMessage, string> {
  const id = integerIn(fields['id'], 0, Number.MAX_SAFE_INTEGER);
  if (id === undefined) return wrong('progress', 'id', fields, 'a whole number');
  const message = fields['message'];
  if (typeof message !== 'string') return wrong('progress', 'message', fields, 'a sentence');
  return ok({ type: 'progress', id, message: message.slice(0, MAX_ANSWER) });
}

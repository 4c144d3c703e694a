import { decodeText } from './decode-text.js';
import type { Json } from './delta.js';
import { describeValue, isFields, type Fields } from './fields.js';
import {
  amount,
  element,
  listOf,
  newNotes,
  partOf,
  readFields,
  text,
  whole,
} from './read-document.js';
import type { Notes, Reader, Readers } from './read-document.js';
import { readRouter } from './read-router.js';
import { err, ok, type Result } from './result.js';
import type {
  DecodedDocument,
  DecodedEmperor,
  DecodedWorker,
  UwsgiBlacklisted,
  UwsgiVassal,
} from './stats.js';
import { INSTANCE_READERS, WORKER_READERS } from './stats-readers.js';

/** Why an answer cannot be shown: where, and one sentence. */
export interface DecodeError {
  /** Such as `$.workers[3].pid`; `$` is the whole answer. */
  readonly path: string;
  readonly message: string;
}

/** A document, its text as valid JSON, and what was wrong with it, if anything. */
export interface DecodedAnswer {
  readonly document: DecodedDocument;
  readonly text: string;
  readonly value: Json;
  readonly notes: readonly string[];
}

const MAX_WORKERS = 10_000;

/** Reads the whole answer of a stats server, from tsuwsgi or from any uWSGI. Never throws. */
export function decodeDocument(bytes: Uint8Array): Result<DecodedDocument, DecodeError> {
  const answer = decodeAnswer(bytes);
  return answer.ok ? ok(answer.value.document) : answer;
}

/** As `decodeDocument`, and keeps the text. */
export function decodeAnswer(bytes: Uint8Array): Result<DecodedAnswer, DecodeError> {
  const other = nameForeign(bytes);
  if (other !== undefined) return fail('$', other);
  const read = decodeText(bytes);
  if (!read.ok) return fail('$', read.error);
  const notes = newNotes();
  notes.damaged = read.value.damaged;
  const document = decodeWith(read.value.value, notes);
  if (!document.ok) return document;
  const { text: served, value } = read.value;
  return ok({ document: document.value, text: served, value, notes: notes.list });
}

/** A document that was read, and the value that it was read from; neither may be changed any more. */
export interface ReadDocument {
  readonly value: Json;
  readonly document: DecodedDocument;
}

/**
 * Reads a document that is JSON already, such as a snapshot of `/live`. Never throws. A worker that
 * is the same object at the same place as in the document `before` is not read again, and comes out
 * the same: what a delta does not name costs nothing.
 */
export function decodeValue(
  value: Json,
  before?: ReadDocument,
): Result<DecodedDocument, DecodeError> {
  const known = before === undefined ? undefined : knownWorkers(before);
  const notes = newNotes(false);
  const read = decodeWith(value, notes, known);
  return read.ok && !notes.damaged ? read : decodeWith(value, newNotes(), known);
}

/** Workers that were read before, and what they were read from: those of a document without damage. */
interface KnownWorkers {
  readonly elements: readonly unknown[];
  readonly workers: readonly DecodedWorker[];
}

function knownWorkers({ value, document }: ReadDocument): KnownWorkers | undefined {
  if (document.kind !== 'instance' || document.damaged || !isFields(value)) return undefined;
  const elements: unknown = value['workers'];
  return Array.isArray(elements) ? { elements, workers: document.instance.workers } : undefined;
}

function fail(path: string, message: string): Result<never, DecodeError> {
  return err({ path, message });
}

/** What answers on a wrong port, told by its first bytes; undefined for what may be JSON. */
function nameForeign(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  if (head.trim() === '' && bytes.length <= 200) return 'the server sent an empty answer';
  const http = /^HTTP\/\d\.\d (\d{3})([^\r\n]*)/.exec(head);
  if (http) return `the server sent an HTTP answer ${http[1] ?? ''}${printable(http[2] ?? '')}`;
  // A TLS record: alert or handshake, then the major version 3.
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 3)
    return 'the server speaks TLS, not the stats protocol';
  if (/^\s*</.test(head)) return 'the server sent an HTML or XML page, not a stats document';
  return undefined;
}

function printable(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}

function decodeWith(
  value: Json,
  notes: Notes,
  known?: KnownWorkers,
): Result<DecodedDocument, DecodeError> {
  if (!isFields(value)) {
    const what = Array.isArray(value) ? 'a JSON list' : `${describeValue(value)} as JSON`;
    return fail('$', `the server sent ${what}, not a stats document`);
  }
  if (Object.hasOwn(value, 'workers')) return readInstance(value, notes, known);
  if (Object.hasOwn(value, 'vassals')) return readEmperor(value, notes);
  if (Object.hasOwn(value, 'active_sessions')) return ok(readRouter(value, notes));
  return fail('$', nameUnknown(value));
}

function nameUnknown(value: Fields): string {
  const keys = Object.keys(value).slice(0, 5);
  const listed = keys.map((key) => JSON.stringify(key.slice(0, 30))).join(', ');
  const has = keys.length === 0 ? 'it is empty' : `it has ${listed}`;
  return `the server sent a JSON object that is no stats document: no "workers", ${has}`;
}

function readInstance(
  value: Fields,
  notes: Notes,
  known?: KnownWorkers,
): Result<DecodedDocument, DecodeError> {
  const list: unknown = value['workers'];
  if (!Array.isArray(list)) {
    return fail('$.workers', `$.workers is ${describeValue(list)}, not a list`);
  }
  if (list.length > MAX_WORKERS) notes.damaged = true;
  const workers: DecodedWorker[] = [];
  for (let index = 0; index < Math.min(list.length, MAX_WORKERS); index++) {
    const given: unknown = list[index];
    const before = known?.workers[index];
    if (before !== undefined && known?.elements[index] === given) {
      workers.push(before);
      continue;
    }
    const worker = readWorker(given, element(notes, '$.workers', index), notes);
    if (!worker.ok) return worker;
    workers.push(worker.value);
  }
  const rest = readFields(value, INSTANCE_READERS, '$', notes);
  return ok({ kind: 'instance', instance: { ...rest, workers }, damaged: notes.damaged });
}

/** What a row of the table cannot be without. */
const ROW_READERS: Readers<Pick<DecodedWorker, 'id' | 'pid' | 'status'>> = {
  id: whole(1_000_000),
  pid: whole(2 ** 31 - 1),
  status: text(64),
};

const ROW_KEYS = ['id', 'pid', 'status'] as const;

const ALL_READERS: Readers<DecodedWorker> = { ...ROW_READERS, ...WORKER_READERS };

function isWhole(worker: Partial<DecodedWorker>): worker is DecodedWorker {
  return worker.id !== undefined && worker.pid !== undefined && worker.status !== undefined;
}

function readWorker(
  given: unknown,
  path: string,
  notes: Notes,
): Result<DecodedWorker, DecodeError> {
  if (!isFields(given)) return fail(path, `${path} is ${describeValue(given)}, not an object`);
  const read = readFields(given, ALL_READERS, path, notes);
  if (isWhole(read)) return ok(read);
  return missing(given, path, ROW_KEYS.find((key) => read[key] === undefined) ?? 'id');
}

function missing(fields: Fields, path: string, key: string): Result<never, DecodeError> {
  const what = describeValue(fields[key]);
  return fail(`${path}.${key}`, `the stats document is wrong: ${path}.${key} is ${what}`);
}

const NAME = text(4096);
const PID = whole(2 ** 31 - 1);

const VASSAL: Reader<Partial<UwsgiVassal>> = partOf<UwsgiVassal>({
  ...{ id: NAME, pid: PID, born: amount, last_mod: amount, last_heartbeat: amount },
  ...{ loyal: amount, ready: amount, accepting: amount, last_loyal: amount, last_ready: amount },
  ...{ last_accepting: amount, first_run: amount, last_run: amount, cursed: amount, zerg: amount },
  ...{ on_demand: NAME, uid: amount, gid: amount, monitor: NAME, respawns: amount },
});

const BLACKLISTED: Reader<Partial<UwsgiBlacklisted>> = partOf<UwsgiBlacklisted>({
  ...{ id: NAME, throttle_level: amount, attempt: amount },
  ...{ first_attempt: amount, last_attempt: amount },
});

const EMPEROR_READERS: Readers<Omit<DecodedEmperor, 'vassals'>> = {
  ...{ version: text(200), pid: amount, uid: amount, gid: amount, cwd: NAME },
  ...{ emperor: listOf(NAME, 1000), emperor_tyrant: amount, throttle_level: amount },
  blacklist: listOf(BLACKLISTED, MAX_WORKERS),
};

function readEmperor(value: Fields, notes: Notes): Result<DecodedDocument, DecodeError> {
  const list = value['vassals'];
  if (!Array.isArray(list)) {
    return fail('$.vassals', `$.vassals is ${describeValue(list)}, not a list`);
  }
  const vassals: DecodedEmperor['vassals'] = [];
  for (const vassal of listOf(VASSAL, MAX_WORKERS)(list, '$.vassals', notes) ?? []) {
    const { id, pid } = vassal;
    if (id !== undefined && pid !== undefined) vassals.push({ ...vassal, id, pid });
    else notes.damaged = true;
  }
  const rest = readFields(value, EMPEROR_READERS, '$', notes);
  const emperor = { emperor: [], ...rest, vassals };
  return ok({ kind: 'emperor', emperor, damaged: notes.damaged });
}

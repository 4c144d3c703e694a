import { KILL_SIGNALS, RELOAD_MODES, type Command, type WorkerIdentity } from './commands.js';
import { integerIn, numberIn, wordOf, wrong, type Fields } from './fields.js';
import { ok, type Result } from './result.js';

const MAX_PID = 2 ** 31 - 1;

function readReload(fields: Fields): Result<Command, string> {
  if (fields['how'] === undefined) return ok({ name: 'reload' });
  const how = wordOf(fields['how'], RELOAD_MODES);
  if (how === undefined) return wrong('reload', 'how', fields, `one of ${RELOAD_MODES.join(', ')}`);
  return ok({ name: 'reload', how });
}

/** Reads a control command; what it does not know is refused with one sentence. */
export function readCommand(fields: Fields): Result<Command, string> {
  const name = fields['name'];
  if (name === 'reload') return readReload(fields);
  if (name === 'scale') return readScale(fields);
  if (name === 'pause') return readPause(fields);
  if (name !== 'reload-worker' && name !== 'kill-worker' && name !== 'traceback') {
    return wrong('command', 'name', fields, 'a command of this server');
  }
  const identity = readIdentity(fields, name);
  if (!identity.ok) return identity;
  if (name !== 'kill-worker') return ok({ name, ...identity.value });
  const words = KILL_SIGNALS.map((row) => row.signal);
  const signal = wordOf(fields['signal'], words);
  if (signal === undefined) return wrong(name, 'signal', fields, `one of ${words.join(', ')}`);
  return ok({ name, signal, ...identity.value });
}

function readScale(fields: Fields): Result<Command, string> {
  const workers = integerIn(fields['workers'], 1, 1_000_000);
  if (workers === undefined) return wrong('scale', 'workers', fields, 'a number of workers');
  return ok({ name: 'scale', workers });
}

function readPause(fields: Fields): Result<Command, string> {
  const paused = fields['paused'];
  if (typeof paused !== 'boolean') return wrong('pause', 'paused', fields, 'true or false');
  return ok({ name: 'pause', paused });
}

function readIdentity(fields: Fields, command: string): Result<WorkerIdentity, string> {
  const worker = integerIn(fields['worker'], 1, 1_000_000);
  if (worker === undefined) return wrong(command, 'worker', fields, 'a worker id');
  const pid = integerIn(fields['pid'], 1, MAX_PID);
  if (pid === undefined) return wrong(command, 'pid', fields, 'a process id');
  const spawned = numberIn(fields['spawned'], 0, Number.MAX_SAFE_INTEGER);
  if (spawned === undefined) return wrong(command, 'spawned', fields, 'seconds since 1970');
  return ok({ worker, pid, spawned });
}

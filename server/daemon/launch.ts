import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { Duplex } from 'node:stream';
import type { Problem } from '../../shared/problem.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { problemOf } from '../logging/sinks/log-file.js';
import { START_PROBLEMS } from '../problems/application.js';
import { visible } from '../request-log/escape.js';
import { handOn } from '../options/ini/hand-on.js';
import { lineSplitter } from '../wire/frames.js';
import {
  DAEMON_VARIABLE,
  decodeLauncherFrame,
  LAUNCHER_FD,
  type LauncherFrame,
} from './launcher-frames.js';

/** As uWSGI makes it: its group may read it. */
const LOG_MODE = 0o640;
/** What is shown of the log of an instance that did not start. */
const LAST_LINES = 20;
const LAST_BYTES = 16 * 1024;

/**
 * The shell is the leader of a session without a terminal, and leaves at once: what it started can
 * never get one again, since only a leader can.
 */
const IN_BACKGROUND = '"$0" "$@" < /dev/null &';
/** With a configuration that came by standard input, which comes to it by the descriptor after the link. */
const IN_BACKGROUND_WITH_INPUT = `"$0" "$@" <&${LAUNCHER_FD + 1} ${LAUNCHER_FD + 1}<&- &`;

/** What is known of the instance. */
interface Told {
  pid: number | null;
  isServing: boolean;
  reason: string | null;
  code: number | null;
}

/**
 * Starts this very command again in the background, with its output in `written`, and waits until
 * it serves: 0, or the code that it ended with, and then `tell` gets the last lines of its log. A
 * signal that ends this command ends the instance too, as long as it does not serve. `input` is what
 * was read of standard input, if anything.
 */
export async function launchDaemon(
  written: string,
  input: string | null,
  tell: (line: string) => void,
  pid = process.pid,
): Promise<number> {
  const file = path.resolve(written);
  if (pid === 1) {
    tell(START_PROBLEMS.firstProcess(written));
    return 1;
  }
  const log = openLog(file);
  if (!log.ok) {
    tell(log.error);
    return 1;
  }
  const { fd, size } = log.value;
  const child = startShell(fd, input);
  closeSync(fd);
  const told = await follow(child);
  if (told.isServing) {
    tell(`tsuwsgi serves in the background (pid: ${told.pid ?? 'unknown'}), its log is ${file}`);
    return 0;
  }
  tell(`tsuwsgi did not start: ${visible(told.reason ?? reasonOf(told))}`);
  const lines = size === null ? [] : lastLines(file, size);
  if (lines.length > 0) tell(`the end of ${file}:`);
  for (const line of lines) tell(`  ${visible(line)}`);
  // An instance that was told to stop ends well, and has not started either.
  return told.code === null || told.code === 0 ? 1 : told.code;
}

function startShell(log: number, input: string | null): ChildProcess {
  const script = input !== null ? IN_BACKGROUND_WITH_INPUT : IN_BACKGROUND;
  const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('/bin/sh', ['-c', script, ...words], {
    stdio: ['ignore', log, log, 'pipe', ...(input !== null ? (['pipe'] as const) : [])],
    env: { ...process.env, [DAEMON_VARIABLE]: '1' },
    detached: true,
  });
  if (input !== null) handOn(input, child.stdio[LAUNCHER_FD + 1]);
  return child;
}

function reasonOf({ code }: Told): string {
  return code === null ? 'it ended without a word' : `it ended with code ${code}`;
}

/** Its descriptor, and where what is added to it begins; null where it is no file. */
function openLog(file: string): Result<{ fd: number; size: number | null }, Problem> {
  const { O_APPEND, O_CREAT, O_NOCTTY, O_WRONLY } = constants;
  try {
    const fd = openSync(file, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, LOG_MODE);
    const stats = fstatSync(fd);
    return ok({ fd, size: stats.isFile() ? stats.size : null });
  } catch (error) {
    return err(problemOf(`--daemonize: the log ${file} cannot be opened`, error));
  }
}

/** Settles when the instance serves, or is gone. */
async function follow(child: ChildProcess): Promise<Told> {
  const told: Told = { pid: null, isServing: false, reason: null, code: null };
  const link: unknown = child.stdio[LAUNCHER_FD];
  const failed = once(child, 'error').then(([error]) => {
    told.reason = `/bin/sh cannot be started: ${messageOf(error)}`;
  });
  if (!(link instanceof Duplex)) {
    await failed;
    return told;
  }
  const stops = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const stop = (): void => {
      if (told.pid !== null) process.kill(told.pid, 'SIGINT');
      told.reason ??= `${signal} ended it`;
    };
    process.on(signal, stop);
    return () => process.off(signal, stop);
  });
  const lines = lineSplitter((line) => {
    const frame = decodeLauncherFrame(line);
    if (frame !== null) hear(frame, told);
  });
  link.setEncoding('utf8').on('data', (chunk: string) => {
    lines.push(chunk);
  });
  // The end of the link is the end of the instance, or its last word to us.
  await Promise.race([once(link, 'close'), failed]);
  for (const unhandle of stops) unhandle();
  return told;
}

function hear(frame: LauncherFrame, told: Told): void {
  switch (frame.type) {
    case 'started':
      told.pid = frame.pid;
      break;
    case 'serving':
      told.isServing = true;
      break;
    case 'failed':
      told.reason ??= frame.reason;
      break;
    case 'ended':
      told.code = frame.code;
  }
}

/** The last lines that were added to a file since it had `size` bytes. */
function lastLines(file: string, size: number): string[] {
  let fd = -1;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const end = fstatSync(fd).size;
    const from = Math.max(size, end - LAST_BYTES);
    const buffer = Buffer.alloc(Math.max(0, end - from));
    const text = buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, from));
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.slice(-LAST_LINES);
  } catch {
    // It was taken away: there is nothing to show.
    return [];
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

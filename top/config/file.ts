import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { err, messageOf, ok, type Result } from '../../shared/result.js';

/** A file of settings has some lines; what is larger is something else. */
const MAX_CONFIG = 16 * 1024;

/** The part of the environment that says where settings are. */
export interface ConfigEnvironment {
  readonly XDG_CONFIG_HOME?: string | undefined;
  readonly HOME?: string | undefined;
}

/**
 * Where the settings of this user are; null without a home. A relative `XDG_CONFIG_HOME` is ignored,
 * as the XDG base directory specification asks.
 */
export function configFile(env: ConfigEnvironment): string | null {
  const base = env.XDG_CONFIG_HOME ?? '';
  const home = env.HOME ?? '';
  if (base.startsWith('/')) return path.join(base, 'tsuwsgitop', 'config.yaml');
  return home.startsWith('/') ? path.join(home, '.config', 'tsuwsgitop', 'config.yaml') : null;
}

/** The text of a file of settings; null when there is none. The error is one sentence. */
export function loadConfig(file: string): Result<string | null, string> {
  let fd: number;
  try {
    // Non-blocking, or a FIFO planted under the name would hold us up.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? ok(null) : err(`${file}: ${messageOf(error)}`);
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return err(`${file} is not a regular file`);
    if (stats.size > MAX_CONFIG) return err(`${file} is larger than ${MAX_CONFIG} bytes`);
    const buffer = Buffer.alloc(MAX_CONFIG);
    return ok(buffer.toString('utf8', 0, readSync(fd, buffer, 0, MAX_CONFIG, 0)));
  } catch (error) {
    return err(`${file} cannot be read: ${messageOf(error)}`);
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes the settings, so that at any time there is the old file or the new one, whole. Neither the
 * file nor its folder may be a symbolic link: who could plant one would choose what is overwritten.
 */
export function saveConfig(file: string, text: string): Result<string, string> {
  const folder = path.dirname(file);
  const unfinished = `${file}.${process.pid}.new`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const place of [folder, file]) {
      if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
        return err(`${place} is a symbolic link: nothing was written, edit what it points to`);
      }
    }
    writeNew(unfinished, text);
    renameSync(unfinished, file);
    return ok(`settings written to ${file}`);
  } catch (error) {
    dropped(unfinished);
    return err(`the settings cannot be written: ${messageOf(error)}`);
  }
}

function dropped(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its folder is none: there is nothing to drop.
  }
}

function writeNew(file: string, text: string): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const fd = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

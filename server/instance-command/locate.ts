import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isFields } from '../../shared/fields.js';
import { runtimeDirectory } from '../../shared/runtime-directory.js';
import { pidNamespace } from '../control/key-file.js';
import { ownerOf } from '../ownership/pid-file-owner.js';
import { runtimeEnvironment } from '../ownership/runtime-environment.js';

/** A master on this machine; `started` tells it from a later process with the same pid. */
export interface LocalMaster {
  readonly pid: number;
  readonly started: string;
}

/** What a word behind an order names. */
export type Located =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'master'; readonly master: LocalMaster; readonly pidFile: string }
  /** Nothing runs there; why, as a sentence. */
  | { readonly kind: 'absent'; readonly why: string }
  | { readonly kind: 'unusable'; readonly why: string };

/** Finds out whether a word is a pid file or an address, and whose the file is. */
export function locate(target: string): Located {
  const kind = kindOf(target);
  if (kind === 'address') return { kind, address: target };
  const owner = ownerOf(target);
  switch (owner.kind) {
    case 'living':
      return {
        kind: 'master',
        master: { pid: owner.pid, started: owner.started },
        pidFile: target,
      };
    case 'stale':
      return {
        kind: 'absent',
        why: `not running: ${target} is stale, process ${owner.pid} has not written it`,
      };
    case 'none':
      return { kind: 'absent', why: `not running: there is no pid file ${target}` };
    case 'unusable':
      return { kind: 'unusable', why: `${target} is no pid file: ${owner.problem}` };
  }
}

function kindOf(target: string): 'address' | 'file' {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (stats !== undefined) return stats.isSocket() ? 'address' : 'file';
  return /^@|^[a-z]+:\/\/|:\d+$/.test(target) ? 'address' : 'file';
}

/** More files than this in a runtime directory are not ours to look through. */
const MAX_FILES = 1000;
const MAX_BYTES = 4096;

/**
 * Where the stats server of a master is, as its key file tells; null without one, or when it is not
 * ours to read.
 */
export function statsAddressOf(pid: number): string | null {
  const uid = userOf(pid);
  if (uid === null) return null;
  const directory = runtimeDirectory(runtimeEnvironment(uid), uid);
  const namespace = pidNamespace();
  for (const file of keyFilesIn(directory)) {
    const content = readKeyFile(file);
    if (content?.['pid'] !== pid || content['pid_namespace'] !== namespace) continue;
    const { addresses } = content;
    const first: unknown = Array.isArray(addresses) ? addresses[0] : undefined;
    return typeof first === 'string' ? first : null;
  }
  return null;
}

/** Whether a master that a stats server tells of, by pid and boot id, is one of this machine. */
export function isHere(pid: number, bootId: string): boolean {
  const uid = userOf(pid);
  if (uid === null) return false;
  const file = path.join(runtimeDirectory(runtimeEnvironment(uid), uid), `${bootId}.key`);
  const content = readKeyFile(file);
  return content?.['pid'] === pid && content['pid_namespace'] === pidNamespace();
}

function userOf(pid: number): number | null {
  try {
    const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return uid === undefined ? null : Number(uid);
  } catch {
    return null;
  }
}

function keyFilesIn(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith('.key'));
    return names.slice(0, MAX_FILES).map((name) => path.join(directory, name));
  } catch {
    return [];
  }
}

function readKeyFile(file: string): Readonly<Record<string, unknown>> | null {
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size > MAX_BYTES) return null;
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

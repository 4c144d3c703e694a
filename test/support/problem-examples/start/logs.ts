import { spawnSync } from 'node:child_process';
import { closeSync, linkSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openJournal, openSink } from '../../../../server/logging/open-sink.js';
import {
  type FileSettings,
  moveAway,
  openLogFile,
  problemOf,
} from '../../../../server/logging/sinks/log-file.js';
import type { LOG_PROBLEMS } from '../../../../server/problems/logs.js';
import type { Problem } from '../../../../shared/problem.js';
import type { StartExample } from '../hold.js';
import { failed, systemError } from './failed.js';

const FILES = { maxSize: null, backupName: null, mode: null, owner: null };

/** A log in the folder that somebody prepared. */
function log(name: string, prepare: (file: string) => void, code: string): StartExample {
  const told = (folder: string): readonly Problem[] => {
    const file = path.join(folder, name);
    prepare(file);
    return failed(openLogFile({ path: file, ...FILES }));
  };
  return { told, names: ['cannot open the log', name, code] };
}

/** As many backups of one name as are looked at. */
function manyBackups(folder: string): readonly Problem[] {
  const settings: FileSettings = {
    ...FILES,
    path: path.join(folder, 'a.log'),
    backupName: path.join(folder, 'old'),
  };
  writeFileSync(settings.path, 'a line\n');
  writeFileSync(path.join(folder, 'old'), '');
  for (let further = 1; further < 10_000; further++) {
    linkSync(path.join(folder, 'old'), path.join(folder, `old.${further}`));
  }
  const fd = openSync(settings.path, 'a');
  try {
    return failed(moveAway(fd, settings, 0));
  } finally {
    closeSync(fd);
  }
}

const SINK = { files: FILES, truncate: false, stderr: process.stderr, tell: () => undefined };

export const LOG_EXAMPLES: Readonly<Record<keyof typeof LOG_PROBLEMS, StartExample>> = {
  notAllowed: {
    told: () => [problemOf('cannot open the log /var/log/a.log', systemError('EACCES'))],
    names: ['/var/log/a.log', 'EACCES'],
  },
  folderMissing: log('gone/a.log', () => undefined, 'ENOENT'),
  isFolder: log(
    'logs',
    (file) => {
      mkdirSync(file);
    },
    'EISDIR',
  ),
  fifoUnread: log(
    'fifo',
    (file) => {
      spawnSync('mkfifo', [file]);
    },
    'ENXIO',
  ),
  refused: log(
    'file/a.log',
    (file) => {
      writeFileSync(path.dirname(file), '');
    },
    'ENOTDIR',
  ),
  tooManyBackups: { told: manyBackups, names: ['cannot rotate the log', 'a.log', '10000'] },
  descriptorUnusable: {
    told: () => failed(openSink({ kind: 'fd', fd: 99_999 }, SINK)),
    names: ['fd:99999', 'EBADF'],
  },
  noJournal: {
    told: (folder) => failed(openJournal('shop', () => undefined, path.join(folder, 'stdout'))),
    names: ['syslog:shop', 'stdout'],
  },
};

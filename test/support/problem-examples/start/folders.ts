import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { privateDirectory } from '../../../../server/control/private-directory.js';
import type { FOLDER_PROBLEMS } from '../../../../server/problems/folders.js';
import type { StartExample } from '../hold.js';
import { failed } from './failed.js';

/** A folder `own` that somebody prepared. */
function folderAfter(
  prepare: (place: string) => void,
  ...names: StartExample['names']
): StartExample {
  const told: StartExample['told'] = (folder) => {
    const place = path.join(folder, 'own');
    prepare(place);
    const uid = process.getuid?.() ?? 0;
    return failed(privateDirectory(place, { uid, remedy: 'set XDG_RUNTIME_DIR' }));
  };
  return { told, names: ['own', ...names] };
}

export const FOLDER_EXAMPLES: Readonly<Record<keyof typeof FOLDER_PROBLEMS, StartExample>> = {
  isLink: folderAfter((place) => {
    mkdirSync(`${place}-real`, { mode: 0o700 });
    symlinkSync(`${place}-real`, place);
  }),
  isFile: folderAfter((place) => {
    writeFileSync(place, '');
  }),
  isAnothers: {
    told: (folder) => {
      const uid = (process.getuid?.() ?? 0) + 1;
      return failed(privateDirectory(folder, { uid, remedy: 'set XDG_RUNTIME_DIR' }));
    },
    names: ['tsuwsgi-problems-', `user ${process.getuid?.() ?? 0}`],
  },
  isOpen: folderAfter((place) => {
    mkdirSync(place);
    chmodSync(place, 0o755);
  }),
  isUnusable: {
    told: (folder) => {
      writeFileSync(path.join(folder, 'file'), '');
      const place = path.join(folder, 'file/own');
      return failed(privateDirectory(place, { uid: 0, remedy: 'set XDG_RUNTIME_DIR' }));
    },
    names: ['file/own', 'ENOTDIR'],
  },
};

import fs from 'node:fs';
import type { Files, OpenFile } from '../../server/queue/folder/files.js';
import { factsOf, nodeFiles } from '../../server/queue/folder/node-files.js';

/**
 * The disk, by calls that wait for no other thread and no power cut: thousands of runs of a few
 * hundred calls each take seconds.
 */
export const quickFiles: Files = {
  ...nodeFiles,
  list: (folder) => now(() => fs.readdirSync(folder)),
  facts: (path) => now(() => factsOf(fs.lstatSync(path, { bigint: true }))),
  makeFolder: (path) => now(() => void fs.mkdirSync(path, { recursive: true })),
  removeFolder: (path) =>
    now(() => {
      fs.rmdirSync(path);
    }),
  rename: (from, to) =>
    now(() => {
      fs.renameSync(from, to);
    }),
  link: (from, to) =>
    now(() => {
      fs.linkSync(from, to);
    }),
  unlink: (path) =>
    now(() => {
      fs.unlinkSync(path);
    }),
  create: (path) => now(() => openFile(fs.openSync(path, 'wx'))),
  open: (path) => now(() => openFile(fs.openSync(path, 'r'))),
  syncFolder: () => Promise.resolve(),
  touch: (path) =>
    now(() => {
      fs.writeFileSync(path, '');
    }),
};

/** What is thrown becomes a rejection, as that of a call that takes a while. */
function now<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(act());
  });
}

function openFile(fd: number): OpenFile {
  return {
    facts: () => now(() => factsOf(fs.fstatSync(fd, { bigint: true }))),
    write: (bytes) => now(() => void fs.writeSync(fd, bytes)),
    read: (into, position) => now(() => fs.readSync(fd, into, 0, into.length, position)),
    sync: () => Promise.resolve(),
    close: () =>
      now(() => {
        fs.closeSync(fd);
      }),
  };
}

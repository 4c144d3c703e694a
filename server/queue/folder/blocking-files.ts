import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
} from 'node:fs';
import type { Files, OpenFile } from './files.js';
import { factsOf, nodeFiles } from './node-files.js';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/**
 * The disk, for a process that claims tasks: what a claim does to a small file is done at once. Each is
 * a few microseconds of the kernel, and twenty times that by way of Node's thread pool. What waits for
 * the device, or lists a folder, does not hold up the event loop.
 */
export const blockingFiles: Files = {
  ...nodeFiles,
  facts: (path) => atOnce(() => factsOf(lstatSync(path, { bigint: true }))),
  rename: (from, to) =>
    atOnce(() => {
      renameSync(from, to);
    }),
  unlink: (path) =>
    atOnce(() => {
      unlinkSync(path);
    }),
  open: (path) => atOnce(() => openFile(openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))),
};

/** What an action gives or throws, as a promise. */
function atOnce<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(act());
  });
}

/** A file that is only read. */
function openFile(fd: number): OpenFile {
  return {
    facts: () => atOnce(() => factsOf(fstatSync(fd, { bigint: true }))),
    read: (into, position) =>
      atOnce(() => {
        let read = 0;
        while (read < into.length) {
          const count = readSync(fd, into, read, into.length - read, position + read);
          if (count === 0) break;
          read += count;
        }
        return read;
      }),
    write: () => Promise.reject(new Error('this file was opened to be read')),
    sync: () => Promise.resolve(),
    close: () =>
      atOnce(() => {
        closeSync(fd);
      }),
  };
}

import { constants, createReadStream, watch, type BigIntStats } from 'node:fs';
import {
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rmdir,
  unlink,
  utimes,
  type FileHandle,
} from 'node:fs/promises';
import { Readable } from 'node:stream';
import { codeOf, type FileFacts, type Files, type OpenFile } from './files.js';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
/** Where the kernel has no watch left to give. */
const LOOK_EVERY_MS = 1000;

/** The disk. */
export const nodeFiles: Files = {
  list: (folder) => readdir(folder),
  facts: async (path) => factsOf(await lstat(path, { bigint: true })),
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  removeFolder: rmdir,
  rename,
  link,
  unlink,
  create: async (path) =>
    openFile(await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)),
  open: async (path) => openFile(await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)),
  async syncFolder(path) {
    const folder = await open(path, O_RDONLY);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  async touch(path) {
    const now = new Date();
    try {
      await utimes(path, now, now);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await (await open(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600)).close();
    }
  },
  stream: (path, start, end) =>
    end > start ? createReadStream(path, { start, end: end - 1 }) : Readable.from([]),
  watch(path, onChange) {
    try {
      const watcher = watch(path, { persistent: false }, onChange);
      let stop = (): void => {
        watcher.close();
      };
      watcher.on('error', () => {
        stop();
        stop = lookOftener(onChange);
      });
      return () => {
        stop();
      };
    } catch {
      return lookOftener(onChange);
    }
  },
};

function lookOftener(onChange: () => void): () => void {
  const timer = setInterval(onChange, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
  };
}

/** What the system says of a file, as a queue needs it. */
export function factsOf(stats: BigIntStats): FileFacts {
  return {
    isFile: stats.isFile(),
    size: Number(stats.size),
    links: Number(stats.nlink),
    inode: stats.ino,
    modified: Number(stats.mtimeNs) / 1e6,
  };
}

function openFile(handle: FileHandle): OpenFile {
  return {
    facts: async () => factsOf(await handle.stat({ bigint: true })),
    async write(bytes) {
      let written = 0;
      while (written < bytes.length) {
        written += (await handle.write(bytes, written)).bytesWritten;
      }
    },
    read: async (into, position) => {
      let read = 0;
      while (read < into.length) {
        const { bytesRead } = await handle.read(into, read, into.length - read, position + read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
      return read;
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

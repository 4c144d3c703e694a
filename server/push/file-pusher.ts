import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { messageOf } from '../../shared/result.js';
import type { Log } from '../log.js';
import type { PushTarget } from '../options/stats-push.js';
import { outage, type Pusher } from './pusher.js';

type FileTarget = Extract<PushTarget, { kind: 'file' }>;

/** Without O_NONBLOCK a FIFO that nobody reads would hold a thread of the master's for ever. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** Requests in flight are in the document: it is not for everybody. */
const MODE = 0o640;

/**
 * Appends the document and the separator to a file, as uWSGI does. The file is opened for each
 * document, so whoever rotates it need not say so.
 */
export function filePusher(target: FileTarget, log: Log): Pusher {
  const trouble = outage(target.text, log);
  let isTorn = false;
  return {
    async push(source) {
      if (source.role() !== 'leads') return;
      const text = `${JSON.stringify(source.document())}${target.separator}`;
      try {
        // Half a document from a full disk must not spoil the next one.
        await append(target.path, isTorn ? `${target.separator}${text}` : text);
        isTorn = false;
        trouble.worked();
      } catch (error) {
        isTorn ||= error instanceof TornWrite;
        trouble.failed(messageOf(error));
      }
    },
    close: () => undefined,
  };
}

/** The file was there, but not all could be written to it. */
class TornWrite extends Error {}

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, FLAGS, MODE);
  try {
    await file.writeFile(text);
  } catch (error) {
    throw new TornWrite(messageOf(error));
  } finally {
    await file.close();
  }
}

import { messageOf } from '../../shared/result.js';
import { openQueue } from '../queue/open.js';
import type { RecoveryConfig } from './config.js';

/** A queue that does not answer for so long is left to the next spooler. */
const LONGEST_MS = 10_000;

/**
 * Offers again what dead spoolers had; the exit code. It loads no tasks, so that nothing of the
 * application can keep it from doing so.
 */
export async function recoverQueue({ queue: name, ordered }: RecoveryConfig): Promise<number> {
  process.title = 'tsuwsgi spooler recovery';
  setTimeout(() => process.exit(1), LONGEST_MS).unref();
  try {
    const queue = await openQueue(name, { ordered });
    await queue.recover();
    await queue.close();
    return 0;
  } catch (error) {
    const what = `cannot offer again what dead spoolers had: ${messageOf(error)}`;
    process.stderr.write(`spooler recovery (pid: ${process.pid}): ${what}\n`);
    return 1;
  }
}

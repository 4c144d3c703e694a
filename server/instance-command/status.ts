import { childrenOf } from './children.js';
import type { InstanceExit } from './exit-codes.js';
import { isServing, statusLines } from './status-lines.js';
import { fails, type Subject } from './subject.js';
import { lookOnce } from './watch.js';

/** Tells how an instance is. */
export async function status(subject: Subject): Promise<InstanceExit> {
  const { address, deadline, print, local } = subject;
  if (address === null) return withoutStats(subject, 'it has no stats server that this user knows');
  const seen = await lookOnce(address, deadline);
  switch (seen.kind) {
    case 'found':
      statusLines(seen.value).forEach(print);
      return isServing(seen.value) ? 'done' : 'failed';
    case 'late':
      return fails(subject, 'unknown', `${address} has not told how it is in time`);
    case 'lost':
      if (local !== null) return withoutStats(subject, seen.why);
      return fails(subject, 'absent', `not running: ${seen.why}`);
  }
}

/** What the kernel knows of it. */
function withoutStats(subject: Subject, why: string): InstanceExit {
  const { local, print, tell } = subject;
  if (local === null) return 'unknown';
  const { pid } = local.master;
  const workers = childrenOf(pid).workers.length;
  const state = workers > 0 ? 'running' : 'not serving';
  [`state: ${state}`, `pid: ${pid}`, `workers: ${workers}`].forEach(print);
  tell(`${why}: start it with --stats ADDRESS to know more`);
  return workers > 0 ? 'done' : 'failed';
}

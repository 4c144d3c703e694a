import { connect, StatsError } from '../index.js';
import { childrenOf } from './children.js';
import type { InstanceExit } from './exit-codes.js';
import type { LocalMaster } from './locate.js';
import { fails, isThere, signal, type Subject } from './subject.js';
import { before, lookUntil } from './watch.js';

/** Replaces all workers, and waits until the last one is new. */
export async function reload(subject: Subject, how: 'rolling' | 'chain'): Promise<InstanceExit> {
  const { address, local } = subject;
  if (address !== null) {
    const ended = await reloadAt(subject, address, how);
    if (ended !== null) return ended;
  }
  if (local === null) return 'unknown';
  if (how === 'rolling') return reloadBySignal(subject, local.master);
  return fails(
    subject,
    'failed',
    'a chain reload is ordered over the stats server, and this user knows of none: start it with --stats ADDRESS, or write c into its --master-fifo',
  );
}

/** Null where there is no control, and a signal may do. */
async function reloadAt(
  subject: Subject,
  address: string,
  how: 'rolling' | 'chain',
): Promise<InstanceExit | null> {
  const connection = await connect(address, { reconnect: false });
  try {
    const { outcome } = await connection.command({ name: 'reload', how });
    const ended = await before(subject.deadline, outcome);
    if (ended === null) return fails(subject, 'unknown', 'the reload is still under way');
    if (!ended.ok) return fails(subject, 'failed', ended.message);
    subject.print(ended.message);
    return taken(subject, ended.problems);
  } catch (error) {
    if (!(error instanceof StatsError)) throw error;
    if (subject.local !== null && how === 'rolling') return null;
    const exit = error.code === 'unreachable' ? 'absent' : 'failed';
    return fails(subject, exit, `${exit === 'absent' ? 'not running: ' : ''}${error.message}`);
  } finally {
    connection.close();
  }
}

/** How a reload ends that is done: its configuration may be the one from before. */
function taken(subject: Subject, problems: readonly string[] = []): InstanceExit {
  const [first, ...others] = problems;
  if (first === undefined) return 'done';
  const more = others.length === 0 ? '' : ` (${others.length} more: its log has them all)`;
  const line = `the configuration was refused, the one from before holds: ${first}${more}`;
  return fails(subject, 'refused', `${line}: correct it and give the order again`);
}

/** What becomes of it is seen in the processes: one that fails leaves the old workers. */
async function reloadBySignal(subject: Subject, master: LocalMaster): Promise<InstanceExit> {
  const { pid } = master;
  const old = childrenOf(pid).workers;
  const problem = signal(subject, master, 'SIGHUP');
  if (problem !== null) return problem;
  const seen = await lookUntil(subject.deadline, () => {
    if (!isThere(master)) return 'gone';
    const { workers } = childrenOf(pid);
    const isNew = workers.length > 0 && !workers.some((worker) => old.includes(worker));
    return isNew ? 'new' : null;
  });
  if (seen === 'new') {
    const replaced = `reloaded: the ${old.length} workers of process ${pid} are replaced`;
    subject.print(
      `${replaced}; whether with the configuration that it has read is in its log only (--stats ADDRESS tells it here)`,
    );
    return 'done';
  }
  if (seen === 'gone')
    return fails(subject, 'failed', `process ${pid} ended meanwhile: see its log`);
  return fails(
    subject,
    'unknown',
    `process ${pid} still has workers from before: see its log, or start it with --stats ADDRESS`,
  );
}

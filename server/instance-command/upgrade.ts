import { connect, type DecodedInstance } from '../index.js';
import { ownerOf, startOf } from '../ownership/pid-file-owner.js';
import { childrenOf } from './children.js';
import type { InstanceExit } from './exit-codes.js';
import { isHere, type LocalMaster } from './locate.js';
import { fails, signal, type Subject } from './subject.js';
import { documentsUntil, lookOnce, lookUntil } from './watch.js';

/** Replaces the master, and waits until the new one has taken over. */
export async function upgrade(subject: Subject): Promise<InstanceExit> {
  const { address, local } = subject;
  if (address !== null) return upgradeSeen(subject, address);
  return local === null ? 'unknown' : upgradeUnseen(subject, local.master, local.pidFile);
}

/** There is no command for it: the signal goes to the process that the stats tell of. */
async function upgradeSeen(subject: Subject, address: string): Promise<InstanceExit> {
  const first = await lookOnce(address, subject.deadline);
  if (first.kind !== 'found') {
    const why = first.kind === 'lost' ? first.why : `${address} has told nothing in time`;
    return fails(subject, 'absent', `not running: ${why}`);
  }
  const { pid = 0, boot_id: bootId = '', upgrade: last } = first.value;
  const started = startOf(pid);
  if (started === null || !isHere(pid, bootId)) {
    const why = `the master at ${address} is not a process of this machine that this user knows`;
    return fails(subject, 'failed', `${why}: it is upgraded by SIGUSR2 there`);
  }
  // It comes back by itself, to whoever listens there then.
  const connection = await connect(address, { interval: 200 });
  try {
    const problem = signal(subject, { pid, started }, 'SIGUSR2');
    if (problem !== null) return problem;
    const look = (
      now: DecodedInstance,
    ): { readonly next: number; readonly reason: string } | null => {
      if (now.boot_id !== bootId) return { next: now.pid ?? 0, reason: '' };
      const { state, ended_at: endedAt = 0, reason = '' } = now.upgrade ?? {};
      const isNews = state === 'abandoned' && endedAt > (last?.ended_at ?? 0);
      return isNews ? { next: 0, reason } : null;
    };
    const seen = await documentsUntil(connection, subject.deadline, look);
    if (seen.kind !== 'found') return fails(subject, 'unknown', 'the upgrade is still under way');
    const { next, reason } = seen.value;
    if (next === 0) return fails(subject, 'failed', `upgrade abandoned: ${reason}`);
    return took(subject, pid, next);
  } finally {
    connection.close();
  }
}

function took({ print }: Subject, old: number, next: number): InstanceExit {
  print(`upgraded: master ${next} has taken over from ${old}, which finishes its requests`);
  return 'done';
}

/** A new master is started at once, or refused. */
const START_MS = 5000;

/** What becomes of it is seen in the pid file, and in the processes. */
async function upgradeUnseen(
  subject: Subject,
  master: LocalMaster,
  pidFile: string,
): Promise<InstanceExit> {
  const { pid } = master;
  const problem = signal(subject, master, 'SIGUSR2');
  if (problem !== null) return problem;
  const latest = performance.now() + START_MS;
  let wasStarted = false;
  const seen = await lookUntil(subject.deadline, () => {
    const { masters } = childrenOf(pid);
    // In this order: who has just written the file is no longer on trial.
    const owner = ownerOf(pidFile);
    if (owner.kind === 'living' && owner.pid !== pid) return owner.pid;
    wasStarted ||= masters.length > 0;
    if (wasStarted) return masters.length === 0 ? 'the new master ended' : null;
    return performance.now() > latest ? 'no new master was started' : null;
  });
  if (seen === null) return fails(subject, 'unknown', 'the upgrade is still under way');
  if (typeof seen === 'number') return took(subject, pid, seen);
  return fails(subject, 'failed', `upgrade abandoned: ${seen}: the log of process ${pid} says why`);
}

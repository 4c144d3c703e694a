import { connect, StatsError } from '../index.js';
import type { InstanceExit } from './exit-codes.js';
import { fails, isThere, signal, type Subject } from './subject.js';
import { documentsUntil, lookUntil } from './watch.js';

/** Stops an instance, and waits until it is gone. */
export async function stop(subject: Subject): Promise<InstanceExit> {
  const { local, address, deadline, print } = subject;
  const began = performance.now();
  const told = (who: string): InstanceExit => {
    print(`stopped: ${who} ended after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return 'done';
  };
  if (local === null) return stopAt(subject, address ?? '', told);
  const { master } = local;
  const problem = signal(subject, master, 'SIGTERM');
  if (problem !== null) return problem;
  const gone = await lookUntil(deadline, () => (isThere(master) ? null : true));
  if (gone !== null) return told(`process ${master.pid}`);
  return fails(
    subject,
    'unknown',
    `process ${master.pid} still finishes its requests, until --worker-reload-mercy: a second --stop does not wait for them`,
  );
}

/** Over the stats server, which goes last. */
async function stopAt(
  subject: Subject,
  address: string,
  told: (who: string) => InstanceExit,
): Promise<InstanceExit> {
  const connection = await connect(address, { reconnect: false });
  try {
    await connection.command({ name: 'stop', how: 'graceful' });
  } catch (error) {
    connection.close();
    if (!(error instanceof StatsError)) throw error;
    const exit = error.code === 'unreachable' ? 'absent' : 'failed';
    return fails(subject, exit, `${exit === 'absent' ? 'not running: ' : ''}${error.message}`);
  }
  const seen = await documentsUntil(connection, subject.deadline, () => null);
  if (seen.kind === 'lost') return told(address);
  return fails(subject, 'unknown', `${address} still finishes its requests`);
}

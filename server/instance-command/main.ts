import { visible } from '../request-log/escape.js';
import { exitCodeOf, type InstanceExit } from './exit-codes.js';
import { locate, statsAddressOf } from './locate.js';
import { reload } from './reload.js';
import type { InstanceRequest } from './request.js';
import { status } from './status.js';
import { stop } from './stop.js';
import { fails, type Subject } from './subject.js';
import { upgrade } from './upgrade.js';
import { StatsError } from '../index.js';

/** `tsuwsgi --stop TARGET` and its like, with this process's streams; the exit code. */
export async function instanceCommand(
  request: InstanceRequest,
  timeoutMs: number,
): Promise<number> {
  const { stdout, stderr } = process;
  // Who reads may have had enough.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  return exitCodeOf(
    await runInstanceCommand(request, {
      deadline: performance.now() + timeoutMs,
      print: (line) => void stdout.write(`${visible(line)}\n`),
      tell: (line) => void stderr.write(`tsuwsgi: ${visible(line)}\n`),
    }),
  );
}

/** Does what is asked of the instance that is named. */
export async function runInstanceCommand(
  { action, target }: InstanceRequest,
  place: Pick<Subject, 'deadline' | 'print' | 'tell'>,
): Promise<InstanceExit> {
  const located = locate(target);
  const nobody: Subject = { ...place, target, local: null, address: null };
  switch (located.kind) {
    case 'absent':
      return fails(nobody, 'absent', located.why);
    case 'unusable':
      return fails(nobody, 'unknown', located.why);
    case 'address':
      return act(action, { ...nobody, address: located.address });
    case 'master': {
      const { master, pidFile } = located;
      const address = statsAddressOf(master.pid);
      return act(action, { ...nobody, local: { master, pidFile }, address });
    }
  }
}

async function act(action: InstanceRequest['action'], subject: Subject): Promise<InstanceExit> {
  try {
    switch (action) {
      case 'status':
        return await status(subject);
      case 'stop':
        return await stop(subject);
      case 'reload':
        return await reload(subject, 'rolling');
      case 'chain-reload':
        return await reload(subject, 'chain');
      case 'upgrade':
        return await upgrade(subject);
    }
  } catch (error) {
    // An address that is none.
    if (error instanceof StatsError) return fails(subject, 'usage', error.message);
    throw error;
  }
}

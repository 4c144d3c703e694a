import { readlinkSync } from 'node:fs';
import { isOwner, type Owners, processOwners } from '../owners.js';

/** Processes that hold jobs, on any machine. */
export interface Holders {
  /** This process, as no other is named. */
  readonly self: string;
  /** Whether the holder of a lock has provably ended; false for those of other machines. */
  isDead(token: string): boolean;
}

/** Knows the dead among the processes of this machine that have their numbers from where ours are. */
export function createHolders(owners: Owners = processOwners(), space = pidSpace()): Holders {
  const boot = owners.self.slice(owners.self.lastIndexOf('-'));
  return {
    self: `${owners.self}@${space}`,
    isDead(token) {
      const [holder = ''] = token.split(':', 1);
      const [owner = '', where = ''] = holder.split('@');
      if (where !== space || !isOwner(owner) || !owner.endsWith(boot)) return false;
      return !owners.isAlive(owner);
    },
  };
}

/** Which numbering of processes this one is in: containers have their own. */
function pidSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
  } catch {
    return '0';
  }
}

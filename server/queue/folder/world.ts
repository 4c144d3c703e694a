import { randomBytes } from 'node:crypto';
import type { Files } from './files.js';
import { nodeFiles } from './node-files.js';
import { processOwners, type Owners } from './owners.js';

/** What a folder queue has of the world around it. */
export interface World {
  readonly files: Files;
  readonly owners: Owners;
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 to 1, 1 excluded. */
  chance(): number;
  /** 32 hexadecimal digits that were never given before. */
  newId(): string;
}

/** The disk, the processes, the clock and the chance of this machine. */
export function realWorld(): World {
  return {
    files: nodeFiles,
    owners: processOwners(),
    now: Date.now,
    chance: Math.random,
    newId: () => randomBytes(16).toString('hex'),
  };
}

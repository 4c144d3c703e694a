import { randomBytes } from 'node:crypto';
import { blockingFiles } from './blocking-files.js';
import type { Files } from './files.js';
import { nodeFiles } from './node-files.js';
import { processOwners, type Owners } from '../owners.js';

/** What a folder queue has of the world around it. */
export interface World {
  readonly files: Files;
  readonly owners: Owners;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1, 1 excluded. */
  readonly chance: () => number;
  /** 32 hexadecimal digits that were never given before. */
  readonly newId: () => string;
}

/** The disk, the processes, the clock and the chance of this machine. */
export function realWorld({ claims }: { readonly claims: boolean }): World {
  return {
    files: claims ? blockingFiles : nodeFiles,
    owners: processOwners(),
    now: Date.now,
    chance: Math.random,
    newId: () => randomBytes(16).toString('hex'),
  };
}

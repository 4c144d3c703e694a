import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { readSpoolCommand } from '../../server/spool-command/command-line.js';
import { runSpool, type SpoolPlace } from '../../server/spool-command/run.js';

/** What a spool command said, and how it ended. */
export interface Spoken {
  readonly code: number;
  readonly printed: string;
  readonly told: string;
}

/** Around a spool command, where a test says it. */
export interface Around extends Partial<Pick<SpoolPlace, 'ask' | 'env'>> {
  /** On standard input. */
  readonly input?: string;
}

/** Runs `tsuwsgi spool` in this process; `q` among the words stands for the queue. */
export async function runSpoolIn(
  queue: string,
  words: readonly string[],
  { input = '', ask = null, env = {} }: Around = {},
): Promise<Spoken> {
  const read = readSpoolCommand(words.map((word) => (word === 'q' ? queue : word)));
  assert.ok(read.kind === 'run', JSON.stringify(read));
  const printed: string[] = [];
  const told: string[] = [];
  const code = await runSpool(read.request, {
    ...{ stdin: Readable.from([Buffer.from(input)]), ask, now: Date.now, env },
    print: (line) => printed.push(line),
    tell: (line) => told.push(line),
  });
  return { code, printed: printed.join('\n'), told: told.join('\n') };
}

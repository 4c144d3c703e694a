import { setImmediate as nextTurn } from 'node:timers/promises';
import { findFarewell } from './application/farewell.js';
import type { Application } from './application/load.js';
import { sayFarewell, untilQuiet } from './farewell.js';

/** Lets the application say goodbye, once its last request is over. */
export async function part({
  application,
  terminators,
  say,
  baseline,
}: {
  readonly application: Application | null;
  readonly terminators: Parameters<typeof sayFarewell>[0]['terminators'];
  readonly say: (line: string) => void;
  /** What keeps the loop alive without an application. */
  readonly baseline: readonly string[];
}): Promise<void> {
  // A server is closed when its last connection is; what listens to that one hears of it in the
  // last phase of the loop's turn, which comes after immediates.
  await nextTurn();
  await nextTurn();
  const namespace = await Promise.race([application?.namespace, nextTurn(undefined)]);
  await sayFarewell({
    close: findFarewell(namespace, application?.fastify),
    terminators,
    say,
    quiet: () => untilQuiet(baseline),
  });
}

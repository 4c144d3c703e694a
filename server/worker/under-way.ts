import type { ServerResponse } from 'node:http';
import { accountOf, type Owner } from './connection.js';
import type { Counters } from './counters.js';
import type { Traffic } from './traffic.js';

/** Requests under way, as the beat of the loop finds them. */
export interface Flights {
  /** Their answers by core, as far as they have one. */
  readonly answers: readonly (ServerResponse | null)[];
  readonly counters: Counters;
  readonly owner: Owner;
  readonly traffic: Traffic;
}

/**
 * Counts what was sent of answers that are under way, and names their clients. Asking for an address
 * is a slow system call, so it is spared to requests that are over before the loop's next beat;
 * while the loop is blocked, the monitor thread finds them out by descriptor.
 */
export function lookAtFlights({ answers, counters, owner, traffic }: Flights): void {
  answers.forEach((answer, core) => {
    if (answer === null) return;
    const { socket } = answer.req;
    const account = accountOf(socket, owner);
    if (answer.socket !== null) traffic.count(socket, account);
    if (account.peer !== '') return;
    account.peer = socket.remoteAddress ?? '';
    if (account.peer !== '') counters.named(core, account.peer);
  });
}

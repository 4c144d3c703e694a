import { closeSync } from 'node:fs';
import { type Problem, within } from '../../shared/problem.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Log } from '../log.js';
import type { ServedSocket } from '../master/bind.js';
import { socketInode } from '../master/listen-queue.js';
import type { Heritage, InheritedSocket } from '../master/upgrade/heritage.js';
import type { Options } from '../options/table.js';
import { parseTlsOption } from '../options/stats-tls.js';
import { SOCKET_PROBLEMS } from '../problems/sockets.js';
import {
  assignPassed,
  checkNamed,
  passedAddress,
  type PassedSocket,
  passedText,
  type WantedAddress,
} from './assign.js';
import { findListening, readSocketTables } from './kernel-sockets.js';
import { isNamed, type Passed, type PassedDescriptor, passedName } from './passed.js';

/** The listening sockets that this process was started with, by what they are for. */
export interface StartedWith {
  readonly sockets: InheritedSocket[];
  readonly stats: InheritedSocket[];
}

/**
 * Puts together what the master before left, or a service manager passed. A passed socket that
 * nobody asks for is closed, and the log says so: clients of it would wait for ever. The error is a
 * sentence: an option names a socket that was not passed, or one that cannot be served.
 */
export function takeSockets(
  options: Options,
  served: readonly ServedAddress[],
  given: { readonly heritage: Heritage | null; readonly passed: Passed },
  log: Log,
): Result<StartedWith, Problem> {
  const wanted = wantedAddresses(options, served);
  const { problem } = given.passed;
  if (problem !== null) log(`no socket is taken over: ${problem}`, 'warn');
  const looked = lookAt(given.passed.descriptors, wanted, log);
  if (!looked.ok) return looked;
  const sockets = looked.value;
  const assigned = assignPassed(sockets, wanted);
  for (const socket of assigned.unwanted) {
    log(
      `the passed socket ${passedText(socket)} is closed, since no option asks for it: give --http-socket ${passedAddress(socket)}, or take it out of the .socket unit`,
      'warn',
    );
    closeSync(socket.fd);
  }
  const started = {
    sockets: [...(given.heritage?.sockets ?? []), ...assigned.sockets],
    stats: [...(given.heritage?.stats ?? []), ...assigned.stats],
  };
  const named = checkNamed(wanted, [...started.sockets, ...started.stats], { sockets, problem });
  return named.ok ? ok(started) : named;
}

/** An address that requests come by. */
export type ServedAddress = Pick<ServedSocket, 'proto' | 'isRouted'> & { readonly address: string };

function wantedAddresses(
  options: Options,
  served: readonly ServedAddress[],
): readonly WantedAddress[] {
  const tls = options['stats-tls'].flatMap((written) => {
    const option = parseTlsOption(written);
    return option.ok ? [{ written, address: option.value.address }] : [];
  });
  return [
    ...served.map(({ address, ...kind }) => ({
      ...{ option: optionText({ address, ...kind }), written: address, address, isStats: false },
    })),
    ...options.stats.map((address) => ({
      ...{ option: `--stats ${address}`, written: address, address, isStats: true },
    })),
    ...tls.map((each) => ({ ...each, option: `--stats-tls ${each.written}`, isStats: true })),
  ];
}

/** The option that asks for an address, as it may be written. */
export function optionText({ proto, isRouted, address }: ServedAddress): string {
  if (proto === 'uwsgi') return `--socket ${address}`;
  return `--${isRouted ? proto : 'http-socket'} ${address}`;
}

/** Finds out what the descriptors are. One that cannot be served is no error until it is asked for. */
function lookAt(
  descriptors: readonly PassedDescriptor[],
  wanted: readonly WantedAddress[],
  log: Log,
): Result<readonly PassedSocket[], Problem> {
  const tables = descriptors.length === 0 ? null : readSocketTables();
  const sockets: PassedSocket[] = [];
  for (const descriptor of descriptors) {
    const found = tables === null ? null : findListening(tables, socketInode(descriptor.fd));
    if (found !== null) {
      sockets.push({ ...descriptor, ...found });
      continue;
    }
    const problem = SOCKET_PROBLEMS.passedUnservable(passedAddress(descriptor));
    const taker = wanted.find(({ address }) => isNamed(descriptor, passedName(address) ?? ''));
    if (taker !== undefined) return err(within(taker.option, problem));
    log(`${problem}; it is closed`, 'warn');
    closeQuietly(descriptor.fd);
  }
  return ok(sockets);
}

/** A descriptor that is not there at all was announced, too. */
function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // What is not open need not be closed.
  }
}

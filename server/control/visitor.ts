import { isIPv4 } from 'node:net';
import { isLocal, type Peer } from './peer.js';
import { peerUid, type TcpEnds, type UserOf } from './peer-uid.js';

/** Who is at the other end of a connection. */
export interface Visitor {
  readonly peer: Peer;
  /** For the log: `127.0.0.1:40112`, or the address of the unix socket. */
  readonly name: string;
  /** The user of the other end where the kernel tells; found out when it is first asked for. */
  readonly uid: () => number | null;
  /** Under which name wrong keys and commands are counted; null where nobody can be told apart. */
  readonly countedAs: () => string | null;
}

/** `ends` is null for unix sockets; `userOf` is for tests, whose kernel's table may be long. */
export function createVisitor(
  peer: Peer,
  name: string,
  ends: TcpEnds | null,
  userOf: UserOf = peerUid,
): Visitor {
  let known: number | null | undefined;
  const uid = (): number | null => {
    // Looked for once, also in vain: on a busy machine that takes its time.
    if (known === undefined) known = ends !== null && isLocal(peer) ? userOf(ends) : null;
    return known;
  };
  return {
    peer,
    name,
    uid,
    countedAs() {
      // A lock-out of everybody who uses a socket file would hand it to whoever wants it.
      if (peer.kind === 'unix') return null;
      const user = uid();
      return user === null ? networkOf(peer.remoteAddress ?? '') : `uid ${user}`;
    },
  };
}

/** An IPv4 address; of an IPv6 one the first 64 bits, since a host has all the rest for itself. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d)/i, '');
  if (isIPv4(plain) || !plain.includes(':')) return plain;
  const [head = ''] = plain.split('%');
  const [left = '', right] = head.split('::');
  const groups = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? 0 : 8 - groups.length - tail.length;
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...tail];
  return `${all.slice(0, 4).join(':')}::/64`;
}

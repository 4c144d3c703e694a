import { type Part, problemTable } from '../../shared/problem.js';

/**
 * Why a socket is not to be had. What it is `about` begins the sentence: `cannot bind 127.0.0.1:80`, or the
 * option with its address.
 */
export const SOCKET_PROBLEMS = problemTable({
  inUse: (about: Part) => [
    `${about}: the address is in use by another program`,
    '; stop that one (ss -ltnp names it), or choose another address',
  ],
  notAllowed: (about: Part) => [
    `${about}: permission denied`,
    '; use a port above 1023 or a folder that you may write to, or start as root and give --uid',
  ],
  addressElsewhere: (about: Part) => [
    `${about}: no interface of this machine has that address`,
    '; give one of its own (ip addr lists them), or :PORT alone',
  ],
  noFamily: (about: Part) => [
    `${about}: this machine has no addresses of that kind (IPv6 is off)`,
    '; give an IPv4 address such as 127.0.0.1:PORT',
  ],
  hostUnknown: (about: Part) => [
    `${about}: the host name is not known`,
    '; write an address of this machine, or :PORT alone',
  ],
  hostUnresolved: (about: Part) => [
    `${about}: the host name cannot be resolved now`,
    '; write an address of this machine instead',
  ],
  readOnlyPlace: (about: Part) => [
    `${about}: the file system there is read-only`,
    '; use a folder that can be written to',
  ],
  pathTooLong: (about: Part) => [
    `${about}: the path is too long for a socket`,
    '; choose a shorter one',
  ],
  notBound: (about: Part, reason: Part) => [
    `${about}: the system refuses it (${reason})`,
    '; give another address',
  ],
  nodeTooNew: (about: Part, version: Part) => [
    `${about}: this Node (${version}) cannot bind without listening`,
    '; use one that package.json names under "engines"',
  ],
  notAnAddress: (about: Part, host: Part) => [
    `${about}: "${host}" is not an IP address`,
    '; write one, or localhost',
  ],
  abstractUnserved: (about: Part) => [
    `${about}: applications are not served on abstract sockets`,
    '; use a path',
  ],
  passedTaken: (about: Part) => [
    `${about}: another option has taken that passed socket`,
    '; give each to one option',
  ],
  folderMissing: (about: Part, folder: Part) => [
    `${about}: the folder ${folder} is missing`,
    '; create it, or choose another path',
  ],
  notASocket: (about: Part) => [
    `${about}: a file that is no socket is there`,
    '; remove it, or choose another path',
  ],
  listensThere: (about: Part) => [
    `${about}: another program listens there`,
    '; stop it, or choose another path',
  ],
  staleStays: (about: Part, reason: Part) => [
    `${about}: the stale socket file cannot be removed: ${reason}`,
    '; remove it as its owner, or choose another path',
  ],
  nonePassed: (option: Part, why: Part) => [
    `${option}: no socket was passed to this process (${why})`,
    ': let a .socket unit start it, or write an address',
  ],
  passedUnknown: (option: Part, address: Part, list: Part) => [
    `${option}: there is no passed socket ${address}, or another option has it; passed were ${list}`,
    ': write one of these, or name it with FileDescriptorName= in the .socket unit',
  ],
  passedUnservable: (descriptor: Part) => [
    `the passed descriptor ${descriptor} cannot be served: it is no stream socket that listens, or one of another network namespace`,
    '; the .socket unit needs ListenStream= and Accept=no, the .service no PrivateNetwork=',
  ],
  notGivenAway: (file: Part, uid: Part, reason: Part) => [
    `${file} cannot be given to user ${uid}: ${reason}`,
    '; start tsuwsgi as root, or leave --uid out',
  ],
});

import type { Problem } from '../../shared/problem.js';
import { SOCKET_PROBLEMS } from './sockets.js';

const BY_CODE: Readonly<Record<string, (about: string) => Problem>> = {
  EADDRINUSE: SOCKET_PROBLEMS.inUse,
  EADDRNOTAVAIL: SOCKET_PROBLEMS.addressElsewhere,
  EAFNOSUPPORT: SOCKET_PROBLEMS.noFamily,
  EACCES: SOCKET_PROBLEMS.notAllowed,
  EPERM: SOCKET_PROBLEMS.notAllowed,
  ENOTFOUND: SOCKET_PROBLEMS.hostUnknown,
  EAI_AGAIN: SOCKET_PROBLEMS.hostUnresolved,
  EROFS: SOCKET_PROBLEMS.readOnlyPlace,
  ENAMETOOLONG: SOCKET_PROBLEMS.pathTooLong,
};

/** Why a socket cannot be bound or listened on, by the error's code; `message` is what Node says of it. */
export function bindProblem(about: string, code: string, message: string): Problem {
  return BY_CODE[code]?.(about) ?? SOCKET_PROBLEMS.notBound(about, message);
}

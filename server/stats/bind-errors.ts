/**
 * Says in one sentence why the stats server cannot listen on an address, and what to do.
 * `code` is the error code of `bind` or `listen`.
 */
export function bindProblem(address: string, code: string, message: string): string {
  const reason = REASONS[code];
  return `--stats ${address}: ${reason ?? `cannot listen there: ${message}`}`;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use; stop the program that holds it, or choose another port',
  EADDRNOTAVAIL: 'this machine has no such address; use one of its own, or :PORT for loopback',
  EAFNOSUPPORT: 'this machine has no IPv6; use 127.0.0.1:PORT',
  EACCES: 'permission denied; use a port above 1023, or a folder that you may write to',
  EPERM: 'permission denied; use a port above 1023, or a folder that you may write to',
  ENOTFOUND: 'the host name is not known; write an address of this machine, or :PORT for loopback',
  EAI_AGAIN: 'the host name cannot be resolved now; write an address of this machine instead',
  EROFS: 'the file system there is read-only; use a folder that can be written to',
  ENAMETOOLONG: 'the path is too long for a socket; choose a shorter one',
};

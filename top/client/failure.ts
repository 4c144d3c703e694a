/** What kept a document from being read, by what can be done about it. */
export type FailureCode =
  /** Nothing listens there. */
  | 'refused'
  | 'no-socket'
  | 'not-allowed'
  | 'unknown-host'
  /** Something is there, and says nothing in time. */
  | 'timeout'
  | 'tls'
  | 'unreachable'
  /** It answered HTTP, with something else than stats. */
  | 'http'
  /** A raw port that was asked over HTTP. */
  | 'raw'
  /** It shows its stats to who proves a key, or the live connection had a problem of its own. */
  | 'locked'
  /** It answered, with what is no stats document. */
  | 'foreign';

/** Why a document could not be read. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence. */
  readonly message: string;
}

/** What to do about it; empty where the message says so itself. */
const REMEDIES: Readonly<Record<FailureCode, string>> = {
  refused: 'is the server running, with --stats on this address?',
  'no-socket': 'is the server running, with --stats on this path?',
  'not-allowed': "run this as the server's user, or set --chmod-socket and --chown-socket there",
  'unknown-host': 'check the spelling, or give the number of the address',
  timeout: 'is this a stats address, and no firewall on the way? Try again with http:// before it',
  tls: '',
  unreachable: 'check address and network',
  http: 'this may be the port of the application: give the address of --stats, with its path after http://',
  raw: '',
  locked: '',
  foreign: 'give the address of --stats',
};

/** Where nobody was reached, as against a server that answered something of no use. */
export function isUnreachable(code: FailureCode): boolean {
  return !['http', 'raw', 'locked', 'foreign'].includes(code);
}

/** The message, and below it what to do. */
export function withRemedy({ code, message }: Failure): string {
  const remedy = REMEDIES[code];
  return remedy === '' || message.includes(remedy) ? message : `${message}\n${remedy}`;
}

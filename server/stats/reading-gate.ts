import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Audit } from '../control/audit.js';
import { sameBytes } from '../control/authority.js';
import type { Guard } from '../control/guard.js';
import type { Keyring } from '../control/keyring.js';
import { isLocal, type Peer } from '../control/peer.js';
import type { Visitor } from '../control/visitor.js';
import { checkOrigin } from './host-check.js';
import { type Answer, text } from './answer.js';
import { type Decision, pathOf, type RequestHead } from './http-answers.js';
import type { Limits } from './limits.js';

/**
 * Sees every request over HTTP with what it would be answered, and gives that back or a refusal.
 * Refusals by it and before it are audited.
 */
export type ReadingGate = (
  request: IncomingMessage,
  head: RequestHead,
  decision: Decision,
) => Decision;

export interface ReadingGateOptions {
  readonly keys: Pick<Keyring, 'read'>;
  readonly guard: Guard;
  readonly audit: Audit;
  readonly limits: Pick<Limits, 'lockOutMs'>;
  readonly visitorOf: (socket: Socket) => Visitor | undefined;
}

/** What a load balancer asks says nothing that is secret; `/live` asks for its key itself. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/live']);

/** The statuses with which somebody is turned away, not something that was mistyped. */
const AUDITED: ReadonlySet<number> = new Set([401, 403, 421, 429]);

/**
 * Pages of other origins may read nothing, and under `--stats-secret` only who sends the key as
 * `Authorization: Bearer` may, over loopback, a unix socket or TLS: anywhere else it would be given
 * away.
 */
export function readingGate(options: ReadingGateOptions): ReadingGate {
  return (request, head, decision) => {
    const visitor = options.visitorOf(request.socket);
    const refused = isRefusal(decision) ? null : refusalOf(options, request, head, visitor);
    const final = refused ?? decision;
    if (isRefusal(final)) options.audit.refused(() => tellOf(request, final, visitor));
    return final;
  };
}

function tellOf(request: IncomingMessage, answer: Answer, visitor: Visitor | undefined): string {
  const uid = visitor?.uid() ?? null;
  const who = `${visitor?.name ?? 'somebody'}${uid === null ? '' : ` (uid ${uid})`}`;
  const line = answer.body.toString().trim();
  return `HTTP ${request.method ?? ''} by ${who}: refused (${answer.status}): ${line}`;
}

function isRefusal(decision: Decision): decision is Answer {
  return decision !== 'live' && AUDITED.has(decision.status);
}

function refusalOf(
  options: ReadingGateOptions,
  request: IncomingMessage,
  head: RequestHead,
  visitor: Visitor | undefined,
): Answer | null {
  if (isForeignPage(request, head))
    return text(403, 'A page from another origin may read nothing.');
  const { read } = options.keys;
  if (read === null || OPEN_PATHS.has(pathOf(head.target) ?? '')) return null;
  const given = bearer(request.headers.authorization);
  if (given === null) return unauthorised('The stats need a key: Authorization: Bearer KEY.');
  if (visitor === undefined || !isSafe(visitor.peer)) {
    return text(403, 'The key must not cross a network in the clear: use --stats-tls.');
  }
  return keyRefusal(options, given, read, visitor);
}

function isSafe(peer: Peer): boolean {
  return peer.tls !== undefined || isLocal(peer);
}

function keyRefusal(
  { guard, audit, limits }: ReadingGateOptions,
  given: string,
  read: Buffer,
  visitor: Visitor,
): Answer | null {
  const who = visitor.countedAs();
  if (guard.isLockedOut(who)) return text(429, 'Too many wrong keys came from there.');
  if (sameBytes(digest(given), digest(read.toString('hex')))) return null;
  if (guard.failed(who)) {
    audit.told(`${who ?? ''} is locked out for ${limits.lockOutMs / 1000} s: too many wrong keys`);
  }
  return unauthorised('The key does not fit.');
}

function unauthorised(line: string): Answer {
  return text(401, line, { 'WWW-Authenticate': 'Bearer' });
}

/** Equal lengths, so that the comparison takes the same time whatever was sent. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The token of RFC 6750 §2.1; null when the field is missing or of another scheme. */
function bearer(field: string | undefined): string | null {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(field ?? '')?.[1]?.toLowerCase() ?? null;
}

/**
 * Whether a browser asks for a page of another origin. Fetch metadata (W3C) tells it also of a
 * request that carries no `Origin`; a person who follows a link is no page.
 */
function isForeignPage(request: IncomingMessage, head: RequestHead): boolean {
  if (!checkOrigin(head.origin, head.hosts[0])) return true;
  const site = request.headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return request.headers['sec-fetch-mode'] !== 'navigate';
}

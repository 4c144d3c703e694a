import { type Answer, text } from './answer.js';
import { checkHost, checkOrigin } from './host-check.js';
import { PAGES, type PageSource } from './pages.js';

/** What of a request decides its answer. */
export interface RequestHead {
  readonly method: string;
  /** As on the request line. */
  readonly target: string;
  readonly httpVersion: string;
  /** Every `Host` field. */
  readonly hosts: readonly string[];
  readonly origin: string | undefined;
  /** The `Accept` field. */
  readonly accept?: string | undefined;
  /** Whether the client asks to change to WebSocket. */
  readonly webSocket: boolean;
}

/** An answer, or leave to become a WebSocket. */
export type Decision = Answer | 'live';

/**
 * Decides a request. The source is asked only for what is served.
 * Statuses: 200, 400, 403 (foreign page), 404, 405, 421 (foreign `Host`, RFC 9110 §15.5.20), 426,
 * and 503 of `/readyz`.
 */
export function decideRequest(
  head: RequestHead,
  allowed: ReadonlySet<string>,
  source: PageSource,
): Decision {
  const refused = refuseHost(head, allowed);
  if (refused !== null) return refused;
  const path = pathOf(head.target);
  if (path === null) return text(400, 'The request target is not understood.');
  if (path === '/live') return decideLive(head);
  if (head.webSocket) return text(404, 'The WebSocket is at /live.');
  const page = PAGES.get(path);
  if (page === undefined) return text(404, NOTHING_HERE);
  if (head.method !== 'GET' && head.method !== 'HEAD') return notAllowed();
  return page(source, head.accept);
}

const NOTHING_HERE = `Nothing is here: there are ${[...PAGES.keys()].join(', ')}, and the WebSocket at /live.`;

function decideLive(head: RequestHead): Decision {
  if (head.method !== 'GET') return notAllowed();
  if (!head.webSocket) {
    const headers = { Upgrade: 'websocket' };
    return text(426, '/live is a WebSocket; the stats over HTTP are at /stats.', headers);
  }
  if (!checkOrigin(head.origin, head.hosts[0])) {
    return text(403, 'A page from another origin may not open this WebSocket.');
  }
  return 'live';
}

function refuseHost(head: RequestHead, allowed: ReadonlySet<string>): Answer | null {
  switch (checkHost(head.hosts, head.httpVersion, allowed)) {
    case 'welcome':
      return null;
    case 'missing':
      return text(400, 'The Host header is missing.');
    case 'several':
      return text(400, 'There is more than one Host header.');
    case 'foreign':
      return text(
        421,
        'This Host is not one of ours: use an IP address, localhost or the host name of this ' +
          'machine, or allow the name with --stats-allow-host NAME.',
      );
  }
}

function notAllowed(): Answer {
  // The body of the refused request may still be on its way: nothing can follow it.
  return text(405, 'Only GET and HEAD are served.', { Allow: 'GET, HEAD', Connection: 'close' });
}

/** The path of an origin-form or absolute-form target (RFC 9112 §3.2) without its query. */
export function pathOf(target: string): string | null {
  if (target.startsWith('/')) return target.split(/[?#]/, 1)[0] ?? target;
  return /^https?:\/\//i.test(target) && URL.canParse(target) ? new URL(target).pathname : null;
}

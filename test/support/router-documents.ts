import { decodeDocument } from '../../shared/decode-stats.js';
import type { DecodedDocument, DecodedRouter } from '../../shared/stats.js';
import { readCapture } from './uwsgi-captures.js';

/** What a real http router answered that has two keys and served three requests. */
export const HTTP_ROUTER = '98-http-router-subscriptions.json';

/** The same of a fastrouter whose two nodes failed. */
export const FASTROUTER = '99-fastrouter-static-nodes.json';

/** The router of a capture. */
export function capturedRouter(name: string): DecodedRouter {
  const decoded = decodeDocument(readCapture(name));
  if (!decoded.ok || decoded.value.kind !== 'router') throw new Error(`${name} is no router`);
  return decoded.value.router;
}

/** A router as a document of a client. */
export function routerDocument(router: DecodedRouter): DecodedDocument {
  return { kind: 'router', router, damaged: false };
}

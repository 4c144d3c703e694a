import type { DecodedDocument, DecodedRouter } from '../../shared/stats.js';
import { sanitizeShort } from './sanitize.js';

/** A document that has no list of workers. */
export type Workerless = Exclude<DecodedDocument, { readonly kind: 'instance' }>;

/** What answers, as a person calls it: `http router`, `fastrouter`. */
export function routerName({ name }: Pick<DecodedRouter, 'name'>): string {
  const short = sanitizeShort(name, 40);
  return short.endsWith('router') ? short : `${short} router`;
}

/** Why such a document has no workers to be shown or steered, in a sentence. */
export function reasonWithoutWorkers(document: Workerless): string {
  return document.kind === 'emperor'
    ? 'an Emperor has no workers of its own'
    : `a uWSGI ${routerName(document.router)} has no workers`;
}

/** The same of any document; null of one that has a list of them, and before the first. */
export function withoutWorkers(document: DecodedDocument | undefined): string | null {
  if (document === undefined || document.kind === 'instance') return null;
  return reasonWithoutWorkers(document);
}

import { acceptedCodings, type Coding } from '../../static/accepted-codings.js';
import { addTokens } from '../../http/field-syntax.js';
import type { ClientRequest } from '../request-head.js';

/** What of a request decides how its answer is compressed. */
export interface Wish {
  readonly method: string;
  /** The coding that the client prefers; null: the content as it is. */
  readonly coding: Coding['name'] | null;
  /** The validators that it has already (If-None-Match). */
  readonly validators: string;
}

/** Reads what a client takes. Who speaks HTTP/1.0 gets no chunks, and so nothing compressed. */
export function wishOf(request: ClientRequest): Wish {
  const accepted: string[] = [];
  const control: string[] = [];
  const validators: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const value = request.rawHeaders[i + 1] ?? '';
    switch (request.rawHeaders[i]?.toLowerCase() ?? '') {
      case 'accept-encoding':
        accepted.push(value);
        break;
      case 'cache-control':
        addTokens(control, value);
        break;
      case 'if-none-match':
        validators.push(value);
        break;
    }
  }
  const isOpen = request.httpVersionMinor !== 0 && !control.includes('no-transform');
  const [preferred] = isOpen ? acceptedCodings(accepted.join(',')) : [];
  return {
    method: request.method,
    coding: preferred?.name ?? null,
    validators: validators.join(','),
  };
}

import type { DecodedWorker } from '../../shared/stats.js';

/** In real uWSGI 0 bytes mean "not measured": no process is that small. */
export function measured(bytes: number | undefined): number | null {
  return bytes === undefined || bytes === 0 ? null : bytes;
}

/** Bytes outside the JavaScript heap; null where the server does not tell them. */
export function externalOf(
  worker: Partial<DecodedWorker> & { readonly external?: number | null },
): number | null {
  return worker.external ?? null;
}

import type { DecodedDocument, Transport } from './client-event.js';

/** The newest document and when it came. */
export interface Shown {
  readonly document: DecodedDocument;
  readonly transport: Transport;
  /** Monotonic milliseconds. */
  readonly at: number;
}

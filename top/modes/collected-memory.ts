import type { MemoryLimits, MemorySeries } from '../../shared/memory/points.js';
import type { DecodedDocument } from '../model/client-event.js';
import type { MemorySource } from '../model/memory-missing.js';

/** What is known of a server's memory, and when it was. */
export interface CollectedMemory {
  readonly series: readonly MemorySeries[];
  readonly limits: MemoryLimits;
  readonly source: MemorySource;
  /** The end of the window, seconds since 1970. */
  readonly time: number;
}

/** Who made a document. */
export function sourceOf(document: DecodedDocument): MemorySource {
  return document.kind === 'instance' && document.instance.server === 'tsuwsgi'
    ? 'tsuwsgi'
    : 'uwsgi';
}

import type { RefusalCounts } from '../wire/refusals.js';
import type { OwnStatus } from './own-answers.js';
import type { RouterFigures } from './settings.js';

/** What a router has counted since it started. */
export class RouterCounts {
  requests = 0;
  retries = 0;
  aborted = 0;
  /** Fields that a client may not set. */
  removed = 0;
  readonly answered: Record<OwnStatus, number> = { 408: 0, 502: 0, 503: 0, 504: 0, 507: 0 };
  readonly #refused = new Map<string, number>();

  refuse(code: string): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  figures(): Pick<
    RouterFigures,
    'requests' | 'retries' | 'aborted' | 'removed_fields' | 'answered_by_router' | 'refused'
  > {
    return {
      ...{ requests: this.requests, retries: this.retries, aborted: this.aborted },
      removed_fields: this.removed,
      answered_by_router: this.answered,
      refused: [...this.#refused] satisfies RefusalCounts,
    };
  }
}

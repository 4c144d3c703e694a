import type { OptionRow } from '../../../shared/options.js';

/** When a request or a worker has taken too long. */
export const HARAKIRI_OPTIONS = [] as const satisfies readonly OptionRow[];

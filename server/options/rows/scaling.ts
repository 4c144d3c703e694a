import type { OptionRow } from '../../../shared/options.js';

/** How many workers run. */
export const SCALING_OPTIONS = [] as const satisfies readonly OptionRow[];

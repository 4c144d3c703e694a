import type { OptionRow } from '../../../shared/options.js';

/** When a worker is replaced although nothing is wrong with it. */
export const RECYCLING_OPTIONS = [] as const satisfies readonly OptionRow[];

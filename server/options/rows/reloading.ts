import type { OptionRow } from '../../../shared/options.js';

/** How and when workers are replaced by newer ones. */
export const RELOADING_OPTIONS = [] as const satisfies readonly OptionRow[];

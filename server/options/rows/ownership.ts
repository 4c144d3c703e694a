import type { OptionRow } from '../../../shared/options.js';

/** Whose the processes, sockets and files are. */
export const OWNERSHIP_OPTIONS = [] as const satisfies readonly OptionRow[];

import { amount, listOf, objectOf, text } from './read-document.js';
import type { Reader } from './read-document.js';
import type { ConfigStats } from './stats.js';

/** Reader for what the stats document says of the configuration, see stats-readers.ts. */

const texts = listOf(text(4096), 1024);

export const configReader: Reader<ConfigStats> = objectOf<ConfigStats>({
  ...{ files: texts, read_at: amount, taken_at: amount },
  ...{ changed: texts, pending: texts, problems: texts },
});

import type { DecodedInstance } from '../../shared/stats.js';
import type { Detail } from './events.js';
import { sanitizeShort } from './sanitize.js';

/** A record shows so many of a list. */
const MOST = 10;

/** What a record of the configuration adds to its sentence: the files, and each change or problem. */
export function configDetails({ config }: DecodedInstance, word: string): readonly Detail[] {
  if (config === undefined) return [];
  const { files, changed, pending, problems } = config;
  const list = { 'config-refused': problems, 'config-pending': pending }[word] ?? changed;
  const name = word === 'config-refused' ? 'problem' : 'change';
  return [...listed(files.length === 1 ? 'file' : 'files', files), ...listed(name, list)];
}

function listed(name: string, all: readonly string[]): Detail[] {
  const shown = all.slice(0, MOST).map((text) => sanitizeShort(text, 300));
  const left = all.length - shown.length;
  const lines = left > 0 ? [...shown, `and ${left} more`] : shown;
  return lines.map((line, at): Detail => [at === 0 ? name : '', line]);
}
